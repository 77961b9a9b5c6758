using System.Globalization;

namespace LargeRec.Cli.Output;

/// <summary>Shows how many events were generated so far.</summary>
internal sealed class EventsMade(ProgressDisplay display) : IProgress<long>
{
    public void Report(long value) => display.Advanced(() => string.Create(CultureInfo.InvariantCulture, $"generating: {value:N0} events"));
}

using System.Globalization;

namespace LargeRec.Cli.Output;

/// <summary>Shows how many rows of a file, or events, there are so far.</summary>
internal sealed class RowsRead(ProgressDisplay display, string name) : IProgress<long>
{
    public void Report(long value) => display.Advanced(() => string.Create(CultureInfo.InvariantCulture, $"{name}: {value:N0} events"));
}

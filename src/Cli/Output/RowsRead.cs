namespace LargeRec.Cli.Output;

/// <summary>Shows how many rows of a source were read so far.</summary>
internal sealed class RowsRead(ProgressDisplay display, string source) : IProgress<long>
{
    public void Report(long value) => display.RowsRead(source, value);
}

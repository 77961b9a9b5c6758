namespace LargeRec.Data.Events;

/// <summary>Data that cannot be read as what it claims to be: one line with the source, the line number where there is one, the reason and the
/// remedy.</summary>
public sealed class DataFormatException : Exception
{
    /// <param name="source">The file (or the name of a log that has none).</param>
    /// <param name="line">1-based line of the file, or 0 where the fault belongs to no single line.</param>
    /// <param name="reason">What is wrong, without a full stop.</param>
    /// <param name="remedy">What to do about it, without a full stop.</param>
    /// <param name="inner">The fault underneath, where there is one.</param>
    /// <param name="lineWord">What <paramref name="line"/> counts: a format without lines says <c>row</c>.</param>
    public DataFormatException(string source, long line, string reason, string remedy, Exception? inner = null, string lineWord = "line")
        : base(OneLine.Of(line > 0 ? $"{source}, {lineWord} {line}: {reason}; {remedy}" : $"{source}: {reason}; {remedy}"), inner)
    {
        File = source;
        Line = line;
        Reason = OneLine.Of(reason);
        Remedy = OneLine.Of(remedy);
        Kind = Reason;
    }

    public string File { get; }

    /// <summary>1-based; 0 where the fault belongs to no single line.</summary>
    public long Line { get; }

    public string Reason { get; }

    public string Remedy { get; }

    /// <summary>The reason without the values of the row: faults of one kind are counted together.</summary>
    public string Kind { get; init; }

    /// <summary>Whether it is a fault of one row, which <see cref="ReadingOptions.SkipBadRows"/> leaves out; otherwise the whole file cannot be used.</summary>
    public bool IsOfRow { get; init; }
}

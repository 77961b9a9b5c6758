namespace LargeRec.Data.Events;

/// <summary>How to read a delimited log; what is null is found out from the file and said in the log's notes.</summary>
public sealed record DelimitedLogOptions
{
    public ColumnMapping Columns { get; init; } = new();

    /// <summary>Null: comma, tab or semicolon, whichever the header has most of.</summary>
    public char? Separator { get; init; }

    /// <summary>Null: ISO where the first time is no number, else seconds or milliseconds by the largest time's size.</summary>
    public TimeUnit? TimeUnit { get; init; }
}

namespace LargeRec.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For spreadsheets and data frames.</summary>
    Csv,

    /// <summary>For programs.</summary>
    Json,
}

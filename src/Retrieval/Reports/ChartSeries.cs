namespace LargeRec.Retrieval.Reports;

/// <summary>What one line of a chart shows.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">By ascending x; a single one is drawn as a mark.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>Drawn dashed and from edge to edge at the first point's y: something to compare with, such as a floor.</summary>
    public bool IsReference { get; init; }

    /// <summary>Marks alone, without a line through them.</summary>
    public bool IsScatter { get; init; }

    /// <summary>An interval around the line, by ascending x; drawn as a surface behind all lines.</summary>
    public IReadOnlyList<ChartBand> Band { get; init; } = [];
}

namespace LargeRec.Retrieval.Reports;

/// <summary>A picture of numbers as SVG, with colours and letters from the page around it. The same chart gives the same text.</summary>
public abstract record Chart
{
    public required string Title { get; init; }

    /// <summary>What the legend says: each name and the classes that give its key colour and form. None where there is nothing to tell apart.</summary>
    internal virtual IReadOnlyList<(string Name, string Classes)> Legend => [];

    /// <summary>The SVG element.</summary>
    /// <exception cref="ArgumentException">There is nothing to draw, or a number that is not finite.</exception>
    public abstract string ToSvg();
}

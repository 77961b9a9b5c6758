namespace LargeRec.Studies.Definition;

/// <summary>Every combination of the values of some axes.</summary>
/// <param name="Axes">The last varies fastest; the seeds are the last of all.</param>
/// <param name="Overrides">Texts <c>section.key=value</c> for all of its cells.</param>
public sealed record StudyGrid(IReadOnlyList<StudyAxis> Axes, IReadOnlyList<string> Overrides)
{
    /// <summary>How many combinations there are.</summary>
    public long CellCount => Axes.Aggregate(1L, (count, axis) => count * axis.Values.Count);
}

using LargeRec.Retrieval.Configuration;

namespace LargeRec.Studies.Definition;

/// <summary>One training of a study.</summary>
/// <param name="Name">Its folder's name: layers-4_width-32_seed-1.</param>
/// <param name="Labels">From axes' names to its places on them; an axis of another grid is not there.</param>
/// <param name="Configuration">What is computed.</param>
public sealed record StudyCell(string Name, IReadOnlyDictionary<string, string> Labels, RunConfiguration Configuration)
{
    /// <summary>Its places on the axes as text, without those of the seed and of other axes named.</summary>
    public string SettingWithout(params string[] axes) => string.Join(
        ", ",
        Labels.Where(label => label.Key != StudyAxis.Seeds && !axes.Contains(label.Key)).Select(label => TextOf(label.Key, label.Value)));

    public override string ToString() => Name;

    /// <summary>A group says by its own name what it is; a number does not.</summary>
    private static string TextOf(string axis, string label) =>
        axis.Contains('.', StringComparison.Ordinal) ? $"{new StudyAxis(axis, []).ShortName} {label}" : label;
}

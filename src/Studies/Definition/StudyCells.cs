using System.Text;
using LargeRec.Engine.Randomness;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Studies.Definition;

/// <summary>From a study to its cells.</summary>
public static class StudyCells
{
    private const int Most = 10_000;
    private const int LongestName = 100;

    /// <summary>
    /// Every combination of every grid, in order; a configuration that comes again is one cell. A name depends on nothing but the cell's own places, so that a
    /// study that is extended finds its cells again.
    /// </summary>
    /// <exception cref="ConfigurationException">A combination cannot be used, or there are too many.</exception>
    public static IReadOnlyList<StudyCell> Of(StudyDefinition study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var count = study.Grids.Sum(grid => (double)grid.CellCount);
        if (count > Most)
        {
            throw new ConfigurationException(
                FormattableString.Invariant($"{study.Origin}: the grids have {count:N0} cells; at most {Most:N0} are possible, take fewer values"));
        }

        var cells = new List<StudyCell>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var grid in study.Grids)
        {
            foreach (var place in Places(grid.Axes, 0))
            {
                var configuration = Read(study, grid, place);
                var text = ConfigurationWriter.ToJson(configuration);
                if (!known.Add(text))
                {
                    continue;
                }

                var name = NameOf(place);
                if (!names.Add(name))
                {
                    name = $"{name}-{StableHash.Of(text):x8}";
                    names.Add(name);
                }

                cells.Add(new StudyCell(name, place.ToDictionary(p => p.Axis.Name, p => p.Value.Label), configuration));
            }
        }

        return cells;
    }

    private static RunConfiguration Read(StudyDefinition study, StudyGrid grid, IReadOnlyList<(StudyAxis Axis, StudyAxisValue Value)> place)
    {
        try
        {
            return ConfigurationReader.Read(study.BaseText, study.BaseOrigin, [.. grid.Overrides, .. place.SelectMany(p => p.Value.Overrides)]);
        }
        catch (ConfigurationException fault)
        {
            throw new ConfigurationException($"{study.Origin}, cell {NameOf(place)}: {StudyReader.WithoutOption(fault.Message)}", fault);
        }
    }

    private static IEnumerable<IReadOnlyList<(StudyAxis Axis, StudyAxisValue Value)>> Places(IReadOnlyList<StudyAxis> axes, int first)
    {
        if (first == axes.Count)
        {
            yield return [];
            yield break;
        }

        foreach (var value in axes[first].Values)
        {
            foreach (var rest in Places(axes, first + 1))
            {
                yield return [(axes[first], value), .. rest];
            }
        }
    }

    private static string NameOf(IReadOnlyList<(StudyAxis Axis, StudyAxisValue Value)> place)
    {
        if (place.Count == 0)
        {
            return "base";
        }

        var name = string.Join('_', place.Select(p => $"{Plain(p.Axis.ShortName)}-{Plain(p.Value.Label)}"));
        return name.Length <= LongestName ? name : $"{name[..(LongestName - 9)]}-{StableHash.Of(name):x8}";
    }

    /// <summary>What every file system and shell takes as it is.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text)
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-');
        }

        return plain.ToString().Trim('-');
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace LargeRec.Kernels.Compilation;

/// <summary>Numbers the names that ILGPU took from a counter of its own in the order in which a text has them, so that equal kernels give equal
/// texts.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Replaces what matches; group 1 is the part of a name that stays, what follows is the counted part.</summary>
    public string Rename(string text, Regex names) => names.Replace(text, match =>
    {
        if (!_names.TryGetValue(match.Value, out var name))
        {
            var stem = match.Groups[1].Value;
            var number = _counts.GetValueOrDefault(stem);
            _counts[stem] = number + 1;
            name = stem + number.ToString(CultureInfo.InvariantCulture);
            _names[match.Value] = name;
        }

        return name;
    });
}

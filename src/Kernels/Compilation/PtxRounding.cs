using System.Text.RegularExpressions;

namespace LargeRec.Kernels.Compilation;

/// <summary>
/// Says of every sum and product of floats how it is rounded, so that the text alone decides the bits: a product that only one sum uses becomes one fma with
/// it, as the driver's compiler would do where it can; all else is rounded by itself, and the driver's compiler may join nothing more.
/// </summary>
internal static partial class PtxRounding
{
    private const int Reach = 8;

    public static string Fix(string ptx)
    {
        string?[] lines = ptx.Split('\n');
        var uses = new Dictionary<string, int>();
        foreach (Match register in Register().Matches(ptx))
        {
            uses[register.Value] = uses.GetValueOrDefault(register.Value) + 1;
        }

        for (var i = 0; i < lines.Length; i++)
        {
            // Written once and read once: nobody else sees the product.
            if (Product().Match(lines[i]!) is { Success: true } product && uses[product.Groups["to"].Value] == 2)
            {
                Join(lines, i, product);
            }
        }

        return Unrounded().Replace(string.Join('\n', lines.Where(line => line is not null)), "$1.rn.$2");
    }

    private static void Join(string?[] lines, int at, Match product)
    {
        var (to, a, b) = (product.Groups["to"].Value, product.Groups["a"].Value, product.Groups["b"].Value);
        for (var i = at + 1; i <= at + Reach && i < lines.Length; i++)
        {
            if (lines[i] is not { } line)
            {
                continue;
            }

            if (Sum().Match(line) is { Success: true } sum && (sum.Groups["a"].Value == to || sum.Groups["b"].Value == to))
            {
                var other = sum.Groups["a"].Value == to ? sum.Groups["b"].Value : sum.Groups["a"].Value;
                lines[i] = $"{sum.Groups["indent"].Value}fma.rn.f32\t{sum.Groups["to"].Value}, {a}, {b}, {other};";
                lines[at] = null;
                return;
            }

            // Beyond a branch, a label, or a change of a factor the product is another one.
            if (Plain().Match(line) is not { Success: true } plain || plain.Groups["to"].Value == a || plain.Groups["to"].Value == b)
            {
                return;
            }
        }
    }

    [GeneratedRegex(@"%f\d+\b")]
    private static partial Regex Register();

    [GeneratedRegex(@"^\s*mul\.f32\s+(?<to>%f\d+), (?<a>[^,]+), (?<b>[^,;]+);\s*$")]
    private static partial Regex Product();

    [GeneratedRegex(@"^(?<indent>\s*)add\.f32\s+(?<to>%f\d+), (?<a>[^,]+), (?<b>[^,;]+);\s*$")]
    private static partial Regex Sum();

    /// <summary>Arithmetic, moves and loads: one register written, nothing jumped over.</summary>
    [GeneratedRegex(@"^\s*(?:add|sub|mul|mad|fma|neg|abs|mov|cvt|ld|shl|shr|and|or|xor|not|selp|setp|min|max|div|sqrt)\.[\w.]+\s+(?<to>%\w+), [^;]+;\s*$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\b(add|sub|mul)\.(f32|f64)\b")]
    private static partial Regex Unrounded();
}

using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>
/// Which kernels passed which checks, each with the fingerprint of the text that passed: a text that has changed since counts as unchecked. The tests write
/// it; a line a check, a kernel and a target: <c>Interpreter pointwise.fill.plain Sm80 0123456789abcdef</c>, sorted.
/// </summary>
public sealed class KernelCheckRecord
{
    /// <summary>The record's name beside the images.</summary>
    public const string FileName = "checks.txt";

    private const int Words = 4;
    private readonly SortedDictionary<(KernelCheck Check, string Kernel, KernelTarget Target), string> _fingerprints = new(
        Comparer<(KernelCheck Check, string Kernel, KernelTarget Target)>.Create((a, b) =>
            a.Check != b.Check ? a.Check.CompareTo(b.Check)
            : a.Kernel != b.Kernel ? string.CompareOrdinal(a.Kernel, b.Kernel)
            : a.Target.CompareTo(b.Target)));

    /// <summary>The targets that a check is made of.</summary>
    public static IReadOnlyList<KernelTarget> TargetsOf(KernelCheck check) => check switch
    {
        KernelCheck.Pocl or KernelCheck.Oclgrind => [KernelTarget.OpenCl],
        KernelCheck.Interpreter or KernelCheck.StandIn => [KernelTarget.Sm80],
        _ => Enum.GetValues<KernelTarget>(),
    };

    /// <summary>The record of a content.</summary>
    /// <exception cref="FormatException">A line is not as described; it is named.</exception>
    public static KernelCheckRecord Parse(string content)
    {
        var record = new KernelCheckRecord();
        var number = 0;
        foreach (var line in content.Split('\n'))
        {
            number++;
            var words = line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words.Length != Words || !Enum.TryParse(words[0], out KernelCheck check) || !Enum.TryParse(words[2], out KernelTarget target))
            {
                throw new FormatException($"{FileName}, line {number}: '{line.Trim()}' is not CHECK KERNEL TARGET FINGERPRINT; delete it and run "
                    + "the checks again");
            }

            record._fingerprints[(check, words[1], target)] = words[3];
        }

        return record;
    }

    /// <summary>Notes that a kernel passed with this text.</summary>
    public void Add(KernelCheck check, KernelImage image) => _fingerprints[(check, image.Name, image.Target)] = KernelImageFile.Fingerprint(image);

    /// <summary>Forgets kernels that are no longer there.</summary>
    public void KeepOnly(IEnumerable<string> kernels)
    {
        var kept = kernels.ToHashSet();
        foreach (var key in _fingerprints.Keys.Where(k => !kept.Contains(k.Kernel)).ToArray())
        {
            _fingerprints.Remove(key);
        }
    }

    /// <summary>What is known of a check with one text.</summary>
    public CheckState StateOf(KernelCheck check, KernelImage image) =>
        !_fingerprints.TryGetValue((check, image.Name, image.Target), out var fingerprint) ? CheckState.Unchecked
        : fingerprint == KernelImageFile.Fingerprint(image) ? CheckState.Passed
        : CheckState.Changed;

    /// <summary>What is known of a check with all texts that it is made of: the least of them.</summary>
    /// <param name="check">The check.</param>
    /// <param name="imageOf">The kernel's image for a target; null where there is none.</param>
    public CheckState StateOf(KernelCheck check, Func<KernelTarget, KernelImage?> imageOf) =>
        TargetsOf(check).Select(imageOf).Min(image => image is null ? CheckState.Unchecked : StateOf(check, image));

    /// <summary>The content that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        string.Concat(_fingerprints.Select(f => $"{f.Key.Check} {f.Key.Kernel} {f.Key.Target} {f.Value}\n"));
}

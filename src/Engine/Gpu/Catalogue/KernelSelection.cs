using System.Security.Cryptography;
using System.Text;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>Which variant a device takes for a shape: the one forced, else the one that tuning picked, else the default.</summary>
public sealed class KernelSelection
{
    private readonly Dictionary<string, KernelVariant> _forced = new(StringComparer.Ordinal);
    private readonly KernelPicks? _picks;

    /// <summary>Nothing forced, nothing picked.</summary>
    public KernelSelection()
    {
    }

    /// <param name="forced">Such as "hstu-attention=tiled", each family at most once.</param>
    /// <param name="picks">What tuning found; null for nothing.</param>
    /// <exception cref="ArgumentException">One is not of that form, or there is no such family or variant; the message lists those that there are.</exception>
    public KernelSelection(IEnumerable<string> forced, KernelPicks? picks = null)
    {
        _picks = picks;
        foreach (var given in forced)
        {
            var words = given.Split('=');
            if (words.Length != 2)
            {
                throw new ArgumentException($"'{given}': write FAMILY=VARIANT, the families being {string.Join(", ", KernelFamilies.All)}");
            }

            var family = KernelFamilies.Find(words[0]);
            if (!_forced.TryAdd(family.Name, family.Find(words[1])))
            {
                throw new ArgumentException($"'{given}': {family} is already {_forced[family.Name]}; name one variant");
            }
        }
    }

    /// <summary>
    /// What a device takes that it would not by default, in words that are equal where the choices are: the variants forced, and a short digest of what tuning
    /// picked for it; null for nothing. Variants differ in their last bits.
    /// </summary>
    /// <param name="device">The device in its own words.</param>
    public string? Describe(string device)
    {
        List<string> words = [.. _forced.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}")];
        KernelPick[] picks = [.. _picks?.All.Where(p => p.Device == device && !_forced.ContainsKey(p.Family)) ?? []];
        if (picks.Length > 0)
        {
            var choices = string.Join('\n', picks.Select(p => $"{p.Family} {string.Join(' ', p.Shape)} {p.Variant}"));
            words.Add($"picks {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(choices)))[..12]}");
        }

        return words.Count == 0 ? null : string.Join(", ", words);
    }

    /// <summary>The variant to take. Asked for at every launch: nothing is allocated.</summary>
    /// <param name="device">The device in its own words.</param>
    /// <param name="target">What its kernels are compiled for.</param>
    /// <param name="sharedBytes">What its groups have of shared memory.</param>
    /// <param name="family">The operation.</param>
    /// <param name="shape">What is asked for.</param>
    /// <exception cref="NotSupportedException">The one that is forced does not take the shape, or not this device: nothing else is taken in its
    /// place.</exception>
    internal KernelVariant Choose(string device, KernelTarget target, long sharedBytes, KernelFamily family, KernelShape shape)
    {
        if (_forced.TryGetValue(family.Name, out var variant))
        {
            if (!variant.RunsOn(target))
            {
                throw new NotSupportedException($"{family}={variant} runs on {string.Join(", ", variant.Targets)} alone, not on {device}; force another "
                    + "variant or none");
            }

            if (variant.SharedBytes > sharedBytes)
            {
                throw new NotSupportedException($"{family}={variant} needs {variant.SharedBytes:N0} bytes of shared memory a group, of which {device} has "
                    + $"{sharedBytes:N0}; force another variant or none");
            }

            return variant.Takes(shape)
                ? variant
                : throw new NotSupportedException($"{family}={variant} takes {variant.Limits}, not {family.Describe(shape)}; force another variant or none");
        }

        // A pick stands for shapes of one class, not all of which its variant need take.
        return _picks?.Find(device, family, shape) is { } name && family.Find(name) is var picked
            && picked.RunsOn(target) && picked.SharedBytes <= sharedBytes && picked.Takes(shape)
            ? picked
            : family.Default(target, shape, sharedBytes);
    }
}

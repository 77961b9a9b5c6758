using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Lint;

/// <summary>
/// Looks through the texts of kernels for what the compiler is known to get wrong (ILGPU 1.5.3) and for what does not run everywhere, and through the
/// methods themselves (<see cref="MethodLint"/>) for what their texts no longer show.
/// </summary>
public static partial class KernelLint
{
    private static readonly TextRule[] PtxRules =
    [
        new(SmallInteger(), "an integer's bits as a float: write 1f : 0f, not 1 : 0"),
        new(GenericAccess(), "a generic load or store, which O2 avoids: is a view kept in a field or passed to a method that is not inlined?"),
        new(UniformBranch(), "a branch marked uniform that may not be"),
        new(IndexedBranch(), "a jump table, reported to access memory illegally: write if, not switch"),
        new(PtxAtomic(), "an atomic: the order of its additions is not fixed"),
        new(Approximation(), "an approximate function of the hardware: write Elementary's"),
        new(Unrounded(), "arithmetic that does not say how it is rounded: the driver's compiler may join it with its neighbour"),
        new(LocalMemory(), "local memory, hundreds of cycles away: keep values in named variables"),
    ];

    private static readonly TextRule[] OpenClRules =
    [
        new(SmallIntegerText(), "an integer's bits as a float: write 1f : 0f, not 1 : 0"),
        new(GenericPointer(), "a generic pointer, which not every device takes"),
        new(OpenClAtomic(), "an atomic: not every device has it, and the order of its additions is not fixed"),
        new(GroupFunction(), "a group's or sub-group's own reduction, which not every device has: write GroupSum"),
        new(GlobalFence(), "a barrier that does not fence local memory"),
    ];

    /// <summary>Compiles every kernel of the catalogue for every target and looks through it all.</summary>
    public static IReadOnlyList<LintFinding> CheckAll(IKernelSource source) =>
    [
        .. MethodLint.CheckAll(),
        .. KernelCatalogue.All.SelectMany(entry => entry.Targets.SelectMany(target => Check(source.Load(entry.Name, target)))),
    ];

    /// <summary>Looks through one text.</summary>
    public static IReadOnlyList<LintFinding> Check(KernelImage image)
    {
        var findings = new List<LintFinding>();
        var lines = image.Text.Split('\n');
        var rules = image.Target == KernelTarget.OpenCl ? OpenClRules : PtxRules;
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var rule in rules.Where(r => r.Pattern.IsMatch(lines[i])))
            {
                findings.Add(new LintFinding(image.Name, $"{image.Target} line {i + 1}", rule.Reason, lines[i].Trim()));
            }
        }

        if (image.Target != KernelTarget.OpenCl)
        {
            findings.AddRange(UndefinedCalls(image, lines));
            var target = $".target {TargetName(image.Target)}";
            if (!lines.Contains(target))
            {
                findings.Add(new LintFinding(image.Name, $"{image.Target}", $"no line '{target}': no driver would take it",
                    Array.Find(lines, l => l.StartsWith(".target", StringComparison.Ordinal)) ?? ""));
            }
        }

        return findings;
    }

    private static string TargetName(KernelTarget target) => target switch
    {
        KernelTarget.Sm90 => "sm_90",
        KernelTarget.Sm90a => "sm_90a",
        _ => "sm_80",
    };

    private static IEnumerable<LintFinding> UndefinedCalls(KernelImage image, string[] lines)
    {
        var defined = Definition().Matches(image.Text).Select(m => m.Groups[1].Value).ToHashSet();
        for (var i = 0; i < lines.Length; i++)
        {
            if (Call().Match(lines[i]) is { Success: true } call && !defined.Contains(call.Groups[1].Value))
            {
                yield return new LintFinding(
                    image.Name, $"{image.Target} line {i + 1}", $"a call of {call.Groups[1].Value}, which is not there: only loading would fail",
                    lines[i].Trim());
            }
        }
    }

    [GeneratedRegex(@"\b0[fF]0000000[1-9A-Fa-f]\b")]
    private static partial Regex SmallInteger();

    [GeneratedRegex(@"\b(ld|st)(\.volatile)?\.(?!global|shared|local|param|const)")]
    private static partial Regex GenericAccess();

    [GeneratedRegex(@"\bbra\.uni\b")]
    private static partial Regex UniformBranch();

    [GeneratedRegex(@"\bbrx\.idx\b")]
    private static partial Regex IndexedBranch();

    [GeneratedRegex(@"\b(atom|red)\.")]
    private static partial Regex PtxAtomic();

    [GeneratedRegex(@"\b(tanh|ex2|lg2|sin|cos|rcp|rsqrt|sqrt|div)\.(approx|full)\b")]
    private static partial Regex Approximation();

    [GeneratedRegex(@"\b(add|sub|mul|fma|mad)\.f(32|64)\b")]
    private static partial Regex Unrounded();

    [GeneratedRegex(@"\.local\b")]
    private static partial Regex LocalMemory();

    [GeneratedRegex(@"\b1\.4\d*[eE]-45f?\b")]
    private static partial Regex SmallIntegerText();

    [GeneratedRegex(@"\b(__)?generic\b")]
    private static partial Regex GenericPointer();

    [GeneratedRegex(@"\batom(ic)?_\w+\s*\(")]
    private static partial Regex OpenClAtomic();

    [GeneratedRegex(@"\b(work_group_(reduce|scan|broadcast)|sub_group)_?\w*\s*\(")]
    private static partial Regex GroupFunction();

    [GeneratedRegex(@"barrier\s*\((?![^)]*CLK_LOCAL_MEM_FENCE)")]
    private static partial Regex GlobalFence();

    /// <summary>With a body: a declaration alone is a promise that nobody keeps.</summary>
    [GeneratedRegex(@"\.func\s+(?:\([^)]*\)\s*)?(\w+)\s*\([^)]*\)\s*\{")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\bcall(?:\.uni)?\s+(?:\([^)]*\)\s*,\s*)?(\w+)")]
    private static partial Regex Call();
}

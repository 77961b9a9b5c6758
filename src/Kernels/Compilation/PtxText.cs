using System.Globalization;
using System.Text.RegularExpressions;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Compilation;

/// <summary>Finishes the PTX that ILGPU emits: names, target, branches, operands of inline assembly, alignment and rounding.</summary>
internal static partial class PtxText
{
    /// <summary>What shared arrays are aligned to, at least.</summary>
    private const int SharedBytes = 16;

    /// <returns>The entry point's name and the text.</returns>
    public static (string EntryPoint, string Text) Finish(string ptx, KernelTarget target)
    {
        var text = ptx.ReplaceLineEndings("\n");

        // At O2 branches that depend on an atomic, on inline assembly or on local memory are marked uniform though they are not.
        text = text.Replace("bra.uni", "bra", StringComparison.Ordinal);

        text = PtxSlots.ToRegisters(text);

        // Vector accesses and asynchronous copies need 16 bytes.
        text = SharedAlignment().Replace(text, m => $".shared .align {Math.Max(SharedBytes, int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))} ");
        var names = new NameTable();
        text = names.Rename(text, Labels());
        text = names.Rename(text, Counted());
        text = EntryName().Replace(text, "Kernel", 1);
        text = PtxRounding.Fix(text);

        // After the names: sm_80 looks like one that was counted.
        var architecture = target switch
        {
            KernelTarget.Sm90 => "sm_90",
            KernelTarget.Sm90a => "sm_90a",
            _ => "sm_80",
        };
        text = Target().Replace(text, $".target {architecture}");
        return ("Kernel", text);
    }

    [GeneratedRegex(@"\.target sm_\w+")]
    private static partial Regex Target();

    [GeneratedRegex(@"\.shared \.align (\d+) ")]
    private static partial Regex SharedAlignment();

    [GeneratedRegex(@"\b(L_)\d+\b")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<![\w%$])((?:_?[A-Za-z][A-Za-z0-9_]*?_))\d+\b")]
    private static partial Regex Counted();

    [GeneratedRegex(@"(?<=\.entry )\w+")]
    private static partial Regex EntryName();
}

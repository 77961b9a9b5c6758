using System.Text.RegularExpressions;

namespace LargeRec.Kernels.Compilation;

/// <summary>Finishes the OpenCL C that ILGPU emits: names, address spaces and fences.</summary>
internal static partial class OpenClText
{
    /// <returns>The entry point's name and the text.</returns>
    public static (string EntryPoint, string Text) Finish(string source)
    {
        var text = source.ReplaceLineEndings("\n");

        // ILGPU's barrier fences global memory alone; kernels talk through local memory too. By this name every version of OpenCL C has it.
        text = Barriers().Replace(text, "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)");

        // A fence of ILGPU's is a barrier of OpenCL 2.0 with a scope: only the fence is meant.
        text = Fences().Replace(text, "mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)");

        // Sums and products of C# wrap around; in C a signed one that does is undefined, and compilers make use of that.
        text = SignedArithmetic().Replace(text, "= ($1)((u$1) $2 $3 (u$1)$4);");

        // Below O2 pointers taken from views are generic, which not every device knows; pointers to local memory say so themselves.
        text = text.Replace("__generic ", "global ", StringComparison.Ordinal);

        // No atomics are used, and not every device has 64-bit ones.
        text = Extensions().Replace(text, "");
        var names = new NameTable();
        text = names.Rename(text, Types());
        text = names.Rename(text, Labels());
        text = EntryName().Replace(text, "Kernel", 1);
        return ("Kernel", text);
    }

    [GeneratedRegex(@"\b(?:work_group_)?barrier\s*\(\s*CLK_GLOBAL_MEM_FENCE\s*\)")]
    private static partial Regex Barriers();

    [GeneratedRegex(@"\bwork_group_barrier\s*\(\s*CLK_GLOBAL_MEM_FENCE\s*,\s*memory_scope_work_group\s*\)")]
    private static partial Regex Fences();

    [GeneratedRegex(@"= \((int|long)\)\(\(\1\) ?(\S+) ([-+*]) +\(\1\) ?([^\s;]+)\);")]
    private static partial Regex SignedArithmetic();

    [GeneratedRegex(@"#pragma OPENCL EXTENSION cl_khr_(int64_\w+|fp16|fp64) : enable\n")]
    private static partial Regex Extensions();

    [GeneratedRegex(@"\b(type_)\d+(?=_kernel|\b)")]
    private static partial Regex Types();

    [GeneratedRegex(@"\b(L_)\d+\b")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<=kernel void )\w+")]
    private static partial Regex EntryName();
}

using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Kernels.Lint;

/// <summary>
/// Looks through the instructions of the methods that kernels are compiled from for what the compiler gets wrong and a text no longer tells apart from right: a
/// division by a power of two becomes the same shift as one that was meant, and a call has become its body.
/// </summary>
internal static class MethodLint
{
    private static readonly Dictionary<string, string> WrongCalls = new()
    {
        ["System.MathF.CopySign"] = "its operands are swapped on CUDA: write it by bits",
        ["System.MathF.FusedMultiplyAdd"] = "it becomes a call of a function that is not there: write a·b + c",
        ["System.MathF.Tanh"] = "it is approximate on CUDA: write Elementary.Tanh",
        ["System.MathF.Exp"] = "it is approximate on CUDA: write Elementary.Exp",
        ["System.MathF.Log"] = "it is approximate on CUDA: write Elementary.Log",
        ["System.MathF.Sin"] = "it is approximate on CUDA and not reduced to a period",
        ["System.MathF.Cos"] = "it is approximate on CUDA and not reduced to a period",
        ["System.MathF.Pow"] = "it is approximate on CUDA: write Elementary's functions",
        ["System.MathF.Max"] = "it gives the operand that is not NaN: write a > b ? a : b",
        ["System.MathF.Min"] = "it gives the operand that is not NaN: write a < b ? a : b",
        ["System.Math.Clamp"] = "it does not compile in a kernel: write comparisons",
    };

    /// <summary>Looks through all methods that the catalogue's kernels are compiled from.</summary>
    public static IEnumerable<LintFinding> CheckAll()
    {
        var methods = new KernelMethods();
        return ReachedMethods.From(KernelCatalogue.All.Select(e => methods.Find(e.Name))).SelectMany(Check).Distinct()
            .OrderBy(f => f.Kernel, StringComparer.Ordinal).ThenBy(f => f.Rule, StringComparer.Ordinal);
    }

    /// <summary>Looks through one method.</summary>
    public static IReadOnlyList<LintFinding> Check(MethodBase method)
    {
        var findings = new List<LintFinding>();
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        if (method.GetParameters().Any(p => p.ParameterType == typeof(ArrayView<bool>)))
        {
            findings.Add(new LintFinding(name, "method", "a view of bool: one byte is written, four are stepped; write byte or int", "ArrayView<bool>"));
        }

        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } bytes)
        {
            return findings;
        }

        var stack = new ConstantStack(method);
        Instruction? before = null;
        foreach (var instruction in Instruction.Of(bytes))
        {
            if (Wrong(method, instruction, before) is { } rule)
            {
                findings.Add(new LintFinding(name, "method", rule, instruction.Code.Name!));
            }

            if (stack.Step(instruction, before) is { } reason)
            {
                findings.Add(new LintFinding(name, "method", reason, instruction.Code.Name!));
            }

            before = instruction;
        }

        return findings;
    }

    private static string? Wrong(MethodBase method, Instruction instruction, Instruction? before)
    {
        var code = instruction.Code;
        if ((code == OpCodes.Div || code == OpCodes.Div_Un) && before?.Integer is { } divisor && divisor > 1 && (divisor & (divisor - 1)) == 0)
        {
            return $"a division by {divisor}: it becomes a shift that is wrong for negative numbers; write >> on what is never negative";
        }

        if (code == OpCodes.Switch)
        {
            return "a switch: it becomes a jump table, reported to access memory illegally; write if";
        }

        if (IsNarrowing(code) && before is { } first && IsIntegerConversion(first.Code))
        {
            return "two casts in a row, of which only one counts: write masks and shifts";
        }

        if (code.OperandType == OperandType.InlineMethod && ReachedMethods.Resolve(method, instruction, before) is { DeclaringType.FullName: { } type } called
            && WrongCalls.TryGetValue($"{type}.{called.Name}", out var reason))
        {
            return $"{type}.{called.Name}: {reason}";
        }

        return null;
    }

    private static bool IsNarrowing(OpCode code) => code == OpCodes.Conv_I1 || code == OpCodes.Conv_U1 || code == OpCodes.Conv_I2 || code == OpCodes.Conv_U2
        || code == OpCodes.Conv_I4 || code == OpCodes.Conv_U4;

    private static bool IsIntegerConversion(OpCode code) => IsNarrowing(code) || code == OpCodes.Conv_I8 || code == OpCodes.Conv_U8;
}

using System.Reflection;
using System.Reflection.Emit;

namespace LargeRec.Kernels.Lint;

/// <summary>
/// Looks through the instructions of the kernels' own methods for what the compiler gets wrong and a text no longer tells apart from right: a division by a
/// power of two becomes the same shift as one that was meant, and a call has become its body.
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
        ["System.Math.Clamp"] = "it does not compile in a kernel: write comparisons",
    };

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    public static IEnumerable<LintFinding> CheckAll() => typeof(MethodLint).Assembly.GetTypes()
        .Where(t => t.Namespace is { } name && name.StartsWith("LargeRec.Kernels.", StringComparison.Ordinal) && t.Namespace is not ("LargeRec.Kernels.Lint" or "LargeRec.Kernels.Compilation"))
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .SelectMany(Check);

    /// <summary>Looks through one method.</summary>
    public static IReadOnlyList<LintFinding> Check(MethodBase method)
    {
        var findings = new List<LintFinding>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } bytes)
        {
            return findings;
        }

        int? constant = null;
        for (var at = 0; at < bytes.Length;)
        {
            var code = OpCodesByValue[bytes[at] == 0xFE ? (short)(0xFE00 | bytes[at + 1]) : bytes[at]];
            var operand = at + code.Size;
            if ((code == OpCodes.Div || code == OpCodes.Div_Un) && constant is { } divisor && divisor > 1 && (divisor & (divisor - 1)) == 0)
            {
                findings.Add(Finding($"a division by {divisor}: it becomes a shift that is wrong for negative numbers; write >> on what is never negative", code));
            }

            if (code == OpCodes.Switch)
            {
                findings.Add(Finding("a switch: it becomes a jump table, reported to access memory illegally; write if", code));
            }

            if (code.OperandType == OperandType.InlineMethod && Called(method, BitConverter.ToInt32(bytes, operand)) is { } called && WrongCalls.TryGetValue(called, out var reason))
            {
                findings.Add(Finding($"{called}: {reason}", code));
            }

            constant = ConstantOf(code, bytes, operand);
            at = operand + OperandBytes(code, bytes, operand);
        }

        return findings;

        LintFinding Finding(string rule, OpCode code) => new($"{method.DeclaringType!.Name}.{method.Name}", "method", rule, code.Name!);
    }

    private static string? Called(MethodBase method, int token)
    {
        try
        {
            var called = method.Module.ResolveMethod(
                token, method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);
            return called is null ? null : $"{called.DeclaringType?.FullName}.{called.Name}";
        }
        catch (ArgumentException)
        {
            // A method of a type parameter: resolved only when the kernel is compiled.
            return null;
        }
    }

    private static int? ConstantOf(OpCode code, byte[] bytes, int operand)
    {
        if (code == OpCodes.Ldc_I4)
        {
            return BitConverter.ToInt32(bytes, operand);
        }

        if (code == OpCodes.Ldc_I4_S)
        {
            return (sbyte)bytes[operand];
        }

        var first = OpCodes.Ldc_I4_0.Value;
        return code.Value >= first && code.Value <= OpCodes.Ldc_I4_8.Value ? code.Value - first : null;
    }

    private static int OperandBytes(OpCode code, byte[] bytes, int operand) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, operand)),
        _ => 4,
    };
}

using System.Reflection;
using System.Reflection.Emit;

namespace LargeRec.Kernels.Lint;

/// <summary>An instruction of a method's body.</summary>
/// <param name="At">Its offset.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">Its operand's bits: a constant, a token or a branch's distance; 0 where it has none.</param>
internal readonly record struct Instruction(int At, OpCode Code, long Operand)
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>The 32-bit integer that it puts on the stack, if it does.</summary>
    public int? Integer =>
        Code == OpCodes.Ldc_I4 ? (int)Operand
        : Code == OpCodes.Ldc_I4_S ? (sbyte)Operand
        : Code.Value >= OpCodes.Ldc_I4_0.Value && Code.Value <= OpCodes.Ldc_I4_8.Value ? Code.Value - OpCodes.Ldc_I4_0.Value
        : null;

    /// <summary>The float that it puts on the stack, if it does.</summary>
    public double? Real =>
        Code == OpCodes.Ldc_R4 ? BitConverter.Int32BitsToSingle((int)Operand)
        : Code == OpCodes.Ldc_R8 ? BitConverter.Int64BitsToDouble(Operand)
        : null;

    /// <summary>The instructions of a body, in order.</summary>
    public static IEnumerable<Instruction> Of(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            var code = Codes[body[at] == 0xFE ? (short)(0xFE00 | body[at + 1]) : body[at]];
            var operand = at + code.Size;
            var bytes = OperandBytes(code, body, operand);
            var bits = bytes switch
            {
                1 => body[operand],
                2 => BitConverter.ToInt16(body, operand),
                8 => BitConverter.ToInt64(body, operand),
                >= 4 => BitConverter.ToInt32(body, operand),
                _ => 0L,
            };
            yield return new Instruction(at, code, bits);
            at = operand + bytes;
        }
    }

    private static int OperandBytes(OpCode code, byte[] body, int operand) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, operand)),
        _ => 4,
    };
}

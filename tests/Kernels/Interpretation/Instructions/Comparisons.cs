using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>
/// <c>setp.Compare[.BoolOp][.ftz].type p[|q], a, b[, [!]c]</c>: p = (a Compare b) BoolOp c, q = (not (a Compare b)) BoolOp c. Of the comparisons of
/// floats the plain ones are false where an operand is NaN, but for ne; those with a u (ltu, equ ...) are true there.
/// </summary>
internal static class Comparisons
{
    private enum Combination
    {
        None,
        And,
        Or,
        Xor,
    }

    [Flags]
    private enum Outcome
    {
        Less = 1,
        Equal = 2,
        Greater = 4,
        Unordered = 8,
    }

    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        var known = PtxTypes.TryParse(words[^1], out var type) && type.Size() >= 2 && words.Length >= 3;
        var modifiers = known ? words[2..^1] : [];
        var combination = modifiers.FirstOrDefault() switch
        {
            "and" => Combination.And,
            "or" => Combination.Or,
            "xor" => Combination.Xor,
            _ => Combination.None,
        };
        var accepted = known ? Accepted(words[1], type) : null;
        if (accepted is not { } outcomes || modifiers.Length > (combination == Combination.None ? 0 : 1))
        {
            throw OperandReader.Unknown(statement);
        }

        OperandReader.ExpectCount(statement, combination == Combination.None ? 3 : 4);
        int[] results = statement.Operands[0] is PairOperand pair
            ? [OperandReader.Register(builder, statement, pair.First, PtxType.Pred), OperandReader.Register(builder, statement, pair.Second, PtxType.Pred)]
            : [OperandReader.Register(builder, statement, statement.Operands[0], PtxType.Pred)];
        List<int> operands = [OperandReader.Source(builder, statement, statement.Operands[1], type),
            OperandReader.Source(builder, statement, statement.Operands[2], type)];
        var negated = false;
        if (combination != Combination.None)
        {
            var third = statement.Operands[3];
            negated = third is NameOperand { Negated: true };
            operands.Add(OperandReader.Source(builder, statement, third is NameOperand name ? name with { Negated = false } : third, PtxType.Pred));
        }

        var instruction = builder.Emit(statement, Action(type), results, [.. operands]);
        instruction.Immediate = (int)outcomes;
        instruction.Variant = (int)combination | (negated ? 16 : 0);
    }

    /// <summary>The outcomes of a comparison that make the predicate true.</summary>
    private static Outcome? Accepted(string name, PtxType type)
    {
        var isUnordered = type.IsFloat() && name.Length == 3 && name.EndsWith('u');
        Outcome? ordered = (isUnordered ? name[..2] : name) switch
        {
            "eq" => Outcome.Equal,
            "ne" => Outcome.Less | Outcome.Greater,
            "lt" => Outcome.Less,
            "le" => Outcome.Less | Outcome.Equal,
            "gt" => Outcome.Greater,
            "ge" => Outcome.Greater | Outcome.Equal,
            "lo" when IsUnsigned(type) => Outcome.Less,
            "ls" when IsUnsigned(type) => Outcome.Less | Outcome.Equal,
            "hi" when IsUnsigned(type) => Outcome.Greater,
            "hs" when IsUnsigned(type) => Outcome.Greater | Outcome.Equal,
            "num" when type.IsFloat() => Outcome.Less | Outcome.Equal | Outcome.Greater,
            "nan" when type.IsFloat() => Outcome.Unordered,
            _ => null,
        };
        return isUnordered ? ordered | Outcome.Unordered : ordered;
    }

    private static bool IsUnsigned(PtxType type) => type is PtxType.U16 or PtxType.U32 or PtxType.U64;

    private static LaneAction Action(PtxType type) => type switch
    {
        PtxType.S16 => Compare<short>,
        PtxType.U16 or PtxType.B16 => Compare<ushort>,
        PtxType.S32 => Compare<int>,
        PtxType.U32 or PtxType.B32 => Compare<uint>,
        PtxType.S64 => Compare<long>,
        PtxType.U64 or PtxType.B64 => Compare<ulong>,
        PtxType.F16 => Compare<Half>,
        PtxType.F32 => Compare<float>,
        _ => Compare<double>,
    };

    private static unsafe void Compare<T>(Warp warp, Instruction instruction, uint mask)
        where T : unmanaged, INumber<T>
    {
        var a = warp.Slot(instruction.A);
        var b = warp.Slot(instruction.B);
        var accepted = (Outcome)instruction.Immediate;
        uint bits = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            var left = Lanes.Read<T>(a, lane);
            var right = Lanes.Read<T>(b, lane);
            var outcome = left < right ? Outcome.Less : left > right ? Outcome.Greater : left == right ? Outcome.Equal : Outcome.Unordered;
            bits |= (accepted & outcome) != 0 ? 1u << lane : 0;
        }

        var inverse = ~bits;
        if (instruction.Operands.Length > 2)
        {
            var other = warp.Predicate(instruction.C) ^ ((instruction.Variant & 16) != 0 ? uint.MaxValue : 0);
            var combination = (Combination)(instruction.Variant & 15);
            bits = Combine(combination, bits, other);
            inverse = Combine(combination, inverse, other);
        }

        warp.SetPredicate(instruction.D, bits, mask);
        if (instruction.Results.Length > 1)
        {
            warp.SetPredicate(instruction.Results[1], inverse, mask);
        }
    }

    private static uint Combine(Combination combination, uint bits, uint other) => combination switch
    {
        Combination.And => bits & other,
        Combination.Or => bits | other,
        _ => bits ^ other,
    };
}

using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Logic, shifts, counts and fields of bits. A shift by the width or more shifts everything out, unlike in C#, which takes the amount modulo the
/// width.</summary>
internal static class BitInstructions
{
    public static void AddTo(InstructionTable table)
    {
        AddType<ushort, short>(table, PtxType.B16, PtxType.U16, PtxType.S16, "16");
        AddType<uint, int>(table, PtxType.B32, PtxType.U32, PtxType.S32, "32");
        AddType<ulong, long>(table, PtxType.B64, PtxType.U64, PtxType.S64, "64");
        AddPredicates(table);
        table.Add("popc.b32", PtxType.U32, [PtxType.B32], Lanes.Unary<Ones<uint>, uint, uint>());
        table.Add("popc.b64", PtxType.U32, [PtxType.B64], Lanes.Unary<Ones<ulong>, ulong, uint>());
        table.Add("clz.b32", PtxType.U32, [PtxType.B32], Lanes.Unary<LeadingZeros<uint>, uint, uint>());
        table.Add("clz.b64", PtxType.U32, [PtxType.B64], Lanes.Unary<LeadingZeros<ulong>, ulong, uint>());
        table.Add("brev.b32", PtxType.B32, [PtxType.B32], Lanes.Unary<Reverse, uint, uint>());
        table.Add("bfe.u32", PtxType.U32, [PtxType.U32, PtxType.U32, PtxType.U32], Lanes.Ternary<Field, uint, uint>());
        table.Add("bfe.s32", PtxType.S32, [PtxType.S32, PtxType.U32, PtxType.U32], Lanes.Ternary<SignedField, uint, uint>());
        table.Add("prmt.b32", PtxType.B32, [PtxType.B32, PtxType.B32, PtxType.B32], Lanes.Ternary<Permute, uint, uint>());
    }

    private static void AddType<T, TSigned>(InstructionTable table, PtxType bits, PtxType unsigned, PtxType signed, string width)
        where T : unmanaged, IBinaryInteger<T>
        where TSigned : unmanaged, IBinaryInteger<TSigned>
    {
        table.Add($"and.b{width}", bits, [bits, bits], Lanes.Binary<And<T>, T>());
        table.Add($"or.b{width}", bits, [bits, bits], Lanes.Binary<Or<T>, T>());
        table.Add($"xor.b{width}", bits, [bits, bits], Lanes.Binary<Xor<T>, T>());
        table.Add($"not.b{width}", bits, [bits], Lanes.Unary<Not<T>, T, T>());
        table.Add($"shl.b{width}", bits, [bits, PtxType.U32], Lanes.Binary<ShiftLeft<T>, T, uint, T>());
        table.Add($"shr.b{width}", bits, [bits, PtxType.U32], Lanes.Binary<ShiftRight<T>, T, uint, T>());
        table.Add($"shr.u{width}", unsigned, [unsigned, PtxType.U32], Lanes.Binary<ShiftRight<T>, T, uint, T>());
        table.Add($"shr.s{width}", signed, [signed, PtxType.U32], Lanes.Binary<ShiftRight<TSigned>, TSigned, uint, TSigned>());
    }

    private static void AddPredicates(InstructionTable table)
    {
        PtxType[] two = [PtxType.Pred, PtxType.Pred];
        table.Add("and.pred", PtxType.Pred, two, static (warp, i, mask) => warp.SetPredicate(i.D, warp.Predicate(i.A) & warp.Predicate(i.B), mask));
        table.Add("or.pred", PtxType.Pred, two, static (warp, i, mask) => warp.SetPredicate(i.D, warp.Predicate(i.A) | warp.Predicate(i.B), mask));
        table.Add("xor.pred", PtxType.Pred, two, static (warp, i, mask) => warp.SetPredicate(i.D, warp.Predicate(i.A) ^ warp.Predicate(i.B), mask));
        table.Add("not.pred", PtxType.Pred, [PtxType.Pred], static (warp, i, mask) => warp.SetPredicate(i.D, ~warp.Predicate(i.A), mask));
    }

    private static unsafe int Width<T>()
        where T : unmanaged => 8 * sizeof(T);

    private readonly struct And<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a & b;
    }

    private readonly struct Or<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a | b;
    }

    private readonly struct Xor<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a ^ b;
    }

    private readonly struct Not<T> : IUnary<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a) => ~a;
    }

    private readonly struct ShiftLeft<T> : IBinary<T, uint, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, uint b) => b >= Width<T>() ? T.Zero : a << (int)b;
    }

    private readonly struct ShiftRight<T> : IBinary<T, uint, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, uint b) => b < Width<T>() ? a >> (int)b : T.IsNegative(a) ? ~T.Zero : T.Zero;
    }

    private readonly struct Ones<T> : IUnary<T, uint>
        where T : IBinaryInteger<T>
    {
        public static uint Apply(T a) => uint.CreateTruncating(T.PopCount(a));
    }

    private readonly struct LeadingZeros<T> : IUnary<T, uint>
        where T : IBinaryInteger<T>
    {
        public static uint Apply(T a) => uint.CreateTruncating(T.LeadingZeroCount(a));
    }

    private readonly struct Reverse : IUnary<uint, uint>
    {
        public static uint Apply(uint a)
        {
            uint reversed = 0;
            for (var bit = 0; bit < 32; bit++)
            {
                reversed |= ((a >> bit) & 1) << (31 - bit);
            }

            return reversed;
        }
    }

    /// <summary><c>c</c> bits of <c>a</c> from bit <c>b</c>; both numbers are taken modulo 256.</summary>
    private readonly struct Field : ITernary<uint, uint>
    {
        public static uint Apply(uint a, uint b, uint c)
        {
            var start = (int)(b & 255);
            var length = (int)(c & 255);
            var rest = start >= 32 ? 0 : a >> start;
            return length >= 32 ? rest : rest & ((1u << length) - 1);
        }
    }

    /// <summary>As <see cref="Field"/>, extended by the field's highest bit, or by bit 31 where the field reaches beyond it.</summary>
    private readonly struct SignedField : ITernary<uint, uint>
    {
        public static uint Apply(uint a, uint b, uint c)
        {
            var start = (int)(b & 255);
            var length = (int)(c & 255);
            if (length == 0)
            {
                return 0;
            }

            var sign = (a >> Math.Min(start + length - 1, 31)) & 1;
            var field = Field.Apply(a, b, c);
            var kept = Math.Min(length, Math.Max(0, 32 - start));
            return sign == 0 || kept >= 32 ? field : field | (uint.MaxValue << kept);
        }
    }

    /// <summary>Each nibble of <c>c</c> picks one of the eight bytes of <c>b:a</c>; its highest bit replicates that byte's sign instead.</summary>
    private readonly struct Permute : ITernary<uint, uint>
    {
        public static uint Apply(uint a, uint b, uint c)
        {
            var bytes = ((ulong)b << 32) | a;
            uint result = 0;
            for (var i = 0; i < 4; i++)
            {
                var selector = (int)(c >> (4 * i)) & 15;
                var picked = (uint)(bytes >> (8 * (selector & 7))) & 255;
                picked = (selector & 8) == 0 ? picked : (picked & 128) == 0 ? 0u : 255u;
                result |= picked << (8 * i);
            }

            return result;
        }
    }
}

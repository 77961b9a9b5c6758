using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>Integer arithmetic that ILGPU 1.5.3 compiles to what C# says.</summary>
internal static class KeptIntegerForms
{
    // Remainders.
    public readonly struct RemainderOfFour : IIntegerForm
    {
        public static int Apply(int a, int b) => a % 4;
    }

    public readonly struct RemainderOfSeven : IIntegerForm
    {
        public static int Apply(int a, int b) => a % 7;
    }

    public readonly struct RemainderOfMinusFour : IIntegerForm
    {
        public static int Apply(int a, int b) => a % -4;
    }

    public readonly struct RemainderOfUnsigned : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((uint)a % 8u);
    }

    // Divisions.
    public readonly struct DivisionByThree : IIntegerForm
    {
        public static int Apply(int a, int b) => a / 3;
    }

    public readonly struct DivisionByMinusFour : IIntegerForm
    {
        public static int Apply(int a, int b) => a / -4;
    }

    public readonly struct DivisionByShiftedOne : IIntegerForm
    {
        public static int Apply(int a, int b) => a / (1 << (b & 7));
    }

    public readonly struct DivisionOfByte : IIntegerForm
    {
        public static int Apply(int a, int b) => (byte)a / 4;
    }

    public readonly struct DivisionOfUlong : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((ulong)(long)a / 8ul);
    }

    public readonly struct QuarterBySign : IIntegerForm
    {
        public static int Apply(int a, int b) => a >= 0 ? a >> 2 : -(-a >> 2);
    }

    public readonly struct QuarterOfUnsignedByShift : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((uint)a >> 2);
    }

    // Shifts: by more than the width they turn round, as in C#.
    public readonly struct ShiftLeft : IIntegerForm
    {
        public static int Apply(int a, int b) => a << b;
    }

    public readonly struct ShiftRight : IIntegerForm
    {
        public static int Apply(int a, int b) => a >> b;
    }

    public readonly struct ShiftRightUnsigned : IIntegerForm
    {
        public static int Apply(int a, int b) => a >>> b;
    }

    public readonly struct ShiftOneLeft : IIntegerForm
    {
        public static int Apply(int a, int b) => 1 << a;
    }

    public readonly struct ShiftLong : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(((long)a << (b & 31)) >> 7);
    }

    public readonly struct ShiftsByConstants : IIntegerForm
    {
        public static int Apply(int a, int b) => (a >> 3) >> 30;
    }

    public readonly struct ShiftsThereAndBack : IIntegerForm
    {
        public static int Apply(int a, int b) => (a << 4) >> 4;
    }

    public readonly struct ShiftOfSbyte : IIntegerForm
    {
        public static int Apply(int a, int b) => ((sbyte)a) >> 2;
    }

    // Arithmetic.
    public readonly struct ConstantsAdded : IIntegerForm
    {
        public static int Apply(int a, int b) => (a + 7) + 9;
    }

    public readonly struct ConstantsSubtracted : IIntegerForm
    {
        public static int Apply(int a, int b) => (a - 7) - 9;
    }

    public readonly struct ConstantMinus : IIntegerForm
    {
        public static int Apply(int a, int b) => 7 - (9 - a);
    }

    public readonly struct Multiplied : IIntegerForm
    {
        public static int Apply(int a, int b) => (a * 3) * 5;
    }

    public readonly struct MultiplyAdd : IIntegerForm
    {
        public static int Apply(int a, int b) => (a * b) + 5;
    }

    public readonly struct HighProduct : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(((long)a * b) >> 32);
    }

    public readonly struct Negated : IIntegerForm
    {
        public static int Apply(int a, int b) => -(a - 5);
    }

    public readonly struct Inverted : IIntegerForm
    {
        public static int Apply(int a, int b) => ~(a - 1) ^ (a & b) | (b & 0xff);
    }

    public readonly struct Least : IIntegerForm
    {
        public static int Apply(int a, int b) => Math.Min(a, b) - Math.Max(a, b);
    }

    public readonly struct LeastUnsigned : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)Math.Min((uint)a, (uint)b);
    }

    public readonly struct Ones : IIntegerForm
    {
        public static int Apply(int a, int b) => System.Numerics.BitOperations.PopCount((uint)a);
    }

    // Comparisons.
    public readonly struct LessUnsigned : IIntegerForm
    {
        public static int Apply(int a, int b) => (uint)a < (uint)b ? 1 : 2;
    }

    public readonly struct MoreThanLiteral : IIntegerForm
    {
        public static int Apply(int a, int b) => (uint)a > 5u ? 1 : 2;
    }

    public readonly struct LiteralLess : IIntegerForm
    {
        public static int Apply(int a, int b) => 5 < a ? 1 : 2;
    }

    public readonly struct LiteralLessUnsigned : IIntegerForm
    {
        public static int Apply(int a, int b) => 5u < (uint)a ? 1 : 2;
    }

    public readonly struct LessBytes : IIntegerForm
    {
        public static int Apply(int a, int b) => (byte)a < (byte)b ? 1 : 2;
    }

    public readonly struct LessSbytes : IIntegerForm
    {
        public static int Apply(int a, int b) => (sbyte)a < (sbyte)b ? 1 : 2;
    }

    public readonly struct LessUshorts : IIntegerForm
    {
        public static int Apply(int a, int b) => (ushort)a < (ushort)b ? 1 : 2;
    }

    public readonly struct LessLongs : IIntegerForm
    {
        public static int Apply(int a, int b) => (long)a * 3 < (long)b << 2 ? 1 : 2;
    }

    public readonly struct Both : IIntegerForm
    {
        public static int Apply(int a, int b) => a > 0 && b > 0 ? a : b;
    }

    public readonly struct Either : IIntegerForm
    {
        public static int Apply(int a, int b) => a > 0 || b < 0 ? a : b;
    }

    public readonly struct Unlike : IIntegerForm
    {
        public static int Apply(int a, int b) => (a > b) != (b > 0) ? 1 : 0;
    }

    public readonly struct Nested : IIntegerForm
    {
        public static int Apply(int a, int b) => a > 0 ? b > 0 ? 1 : 2 : b < 0 ? 3 : 4;
    }

    public readonly struct Flags : IIntegerForm
    {
        public static int Apply(int a, int b) => (a > b ? 1 : 0) + (a == b ? 1 : 0);
    }

    // Conversions.
    public readonly struct ByteThenSbyte : IIntegerForm
    {
        public static int Apply(int a, int b) => (byte)a + (sbyte)b;
    }

    public readonly struct ShortThenUshort : IIntegerForm
    {
        public static int Apply(int a, int b) => (short)a - (ushort)b;
    }

    public readonly struct LongOfUint : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((long)(uint)a >> 4);
    }

    public readonly struct UlongOfInt : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((ulong)a >> 33);
    }

    public readonly struct ShortOfLong : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(short)((long)a * b);
    }

    public readonly struct IntOfLongProduct : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((long)(int)((long)a * b) >> 3);
    }

    public readonly struct SbyteByShifts : IIntegerForm
    {
        public static int Apply(int a, int b) => (a << 24) >> 24;
    }

    public readonly struct UshortByMask : IIntegerForm
    {
        public static int Apply(int a, int b) => a & 0xffff;
    }

    public readonly struct IntOfFloat : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(float)a;
    }

    public readonly struct LongOfSelection : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(((long)(a > 0 ? -1 : 5)) >> 32);
    }

    public readonly struct DoubleArithmetic : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(((double)a * 0.3) - b);
    }

    public readonly struct BitsOfFloat : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)(Interop.FloatAsInt((float)a) >> 3);
    }
}

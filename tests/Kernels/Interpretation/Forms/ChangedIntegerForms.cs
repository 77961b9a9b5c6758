namespace LargeRec.Kernels.Tests.Interpretation.Forms;

/// <summary>Integer arithmetic that ILGPU 1.5.3 compiles to something else.</summary>
internal static class ChangedIntegerForms
{
    // A signed division by a power of two becomes an arithmetic shift: it rounds down, not towards zero.
    public readonly struct Quarter : IIntegerForm
    {
        public static int Apply(int a, int b) => a / 4;
    }

    public readonly struct Mean : IIntegerForm
    {
        public static int Apply(int a, int b) => (a + b) / 2;
    }

    public readonly struct HalfOfShort : IIntegerForm
    {
        public static int Apply(int a, int b) => (short)a / 2;
    }

    public readonly struct QuarterOfSbyte : IIntegerForm
    {
        public static int Apply(int a, int b) => (sbyte)a / 4;
    }

    public readonly struct QuarterOfLong : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((long)a * 4 / 16);
    }

    // An unsigned one becomes an arithmetic shift too: wrong from 2^31 on.
    public readonly struct EighthOfUint : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((uint)a / 8u);
    }

    public readonly struct HalfOfDouble : IIntegerForm
    {
        public static int Apply(int a, int b) => (int)((uint)(a * 2) / 2u);
    }

    // Of two casts of the same width only the first counts.
    public readonly struct SbyteOfByte : IIntegerForm
    {
        public static int Apply(int a, int b) => (sbyte)(byte)a;
    }

    public readonly struct ByteOfSbyte : IIntegerForm
    {
        public static int Apply(int a, int b) => (byte)(sbyte)a;
    }

    public readonly struct UshortOfShort : IIntegerForm
    {
        public static int Apply(int a, int b) => (ushort)(short)a;
    }

    public readonly struct ShortOfUshort : IIntegerForm
    {
        public static int Apply(int a, int b) => (short)(ushort)a;
    }
}

using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary><c>cvta[.to].space.u64</c>: between an address of a state space and a generic one. Global addresses are generic ones.</summary>
internal static class AddressConversions
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        var isTo = words.Length == 4 && words[1] == "to";
        if (words.Length != (isTo ? 4 : 3) || words[^1] != "u64")
        {
            throw OperandReader.Unknown(statement);
        }

        var action = (words[^2], isTo) switch
        {
            ("global" or "const", _) => Lanes.Unary<Same, ulong, ulong>(),
            ("shared", true) => Lanes.Unary<FromShared, ulong, ulong>(),
            ("shared", false) => Lanes.Unary<ToShared, ulong, ulong>(),
            ("local", true) => Lanes.Unary<FromLocal, ulong, ulong>(),
            ("local", false) => Lanes.Unary<ToLocal, ulong, ulong>(),
            _ => throw OperandReader.Unknown(statement),
        };
        OperandReader.ExpectCount(statement, 2);
        var result = OperandReader.Register(builder, statement, statement.Operands[0], PtxType.U64);
        builder.Emit(statement, action, [result], [OperandReader.Source(builder, statement, statement.Operands[1], PtxType.U64)]);
    }

    private readonly struct Same : IUnary<ulong, ulong>
    {
        public static ulong Apply(ulong a) => a;
    }

    private readonly struct ToShared : IUnary<ulong, ulong>
    {
        public static ulong Apply(ulong a) => a + AddressLayout.SharedWindow;
    }

    private readonly struct FromShared : IUnary<ulong, ulong>
    {
        public static ulong Apply(ulong a) => a - AddressLayout.SharedWindow;
    }

    private readonly struct ToLocal : IUnary<ulong, ulong>
    {
        public static ulong Apply(ulong a) => a + AddressLayout.LocalWindow;
    }

    private readonly struct FromLocal : IUnary<ulong, ulong>
    {
        public static ulong Apply(ulong a) => a - AddressLayout.LocalWindow;
    }
}

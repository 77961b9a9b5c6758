using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Finds the slots of operands and checks that they fit the instruction's types, as ptxas does.</summary>
internal static class OperandReader
{
    /// <summary>A register exactly as wide as <paramref name="type"/>.</summary>
    public static int Register(ProgramBuilder builder, InstructionStatement statement, PtxOperand operand, PtxType type) =>
        Find(builder, statement, operand, type, mayBeWider: false);

    /// <summary>A register at least as wide as <paramref name="type"/>: what conversions, loads and stores allow.</summary>
    public static int WideRegister(ProgramBuilder builder, InstructionStatement statement, PtxOperand operand, PtxType type) =>
        Find(builder, statement, operand, type, mayBeWider: true);

    /// <summary>A register, a literal, a special register or the address of a variable.</summary>
    public static int Source(ProgramBuilder builder, InstructionStatement statement, PtxOperand operand, PtxType type, bool mayBeWider = false)
    {
        switch (operand)
        {
            case IntegerOperand integer when type == PtxType.Pred:
                return builder.Slots.Constant(integer.Value == 0 ? 0 : ulong.MaxValue, 0);
            case IntegerOperand integer when !type.IsFloat():
                CheckRange(statement, integer.Value, type);
                return builder.Slots.Constant((ulong)integer.Value, type.Size());
            case FloatOperand real when real.Size == type.Size() && type is PtxType.F32 or PtxType.F64 or PtxType.B32 or PtxType.B64:
                return builder.Slots.Constant(real.Bits, type.Size());
            case NameOperand { Negated: false } name when builder.Find(name.Name) is NamedVariable { Space: not PtxSpace.Parameter } variable
                && type.Size() >= 4:
                return builder.Slots.Constant(variable.Address, type.Size());
            case NameOperand { Negated: false } name when Slots.FindSpecial(name.Name) is { } special && type.Size() == 4 && !type.IsFloat():
                return builder.Slots.Special(special);
            case NameOperand { Name: "WARP_SZ" } when !type.IsFloat():
                return builder.Slots.Constant(32, type.Size());
            case NameOperand:
                return Find(builder, statement, operand, type, mayBeWider);
            default:
                throw Fail(statement, PtxErrorKind.Operand, $"operand {operand} does not fit type {type}");
        }
    }

    /// <summary>Base of an address: a register, a variable or a number.</summary>
    public static (int Slot, bool Short) AddressBase(ProgramBuilder builder, InstructionStatement statement, AddressOperand address)
    {
        switch (address.Base)
        {
            case IntegerOperand integer:
                return (builder.Slots.Constant((ulong)integer.Value, 8), false);
            case NameOperand name when builder.Find(name.Name) is NamedVariable variable:
                return (builder.Slots.Constant(variable.Address, 8), false);
            case NameOperand name when builder.Find(name.Name) is NamedRegister { Type: var type } register && type.Size() >= 4 && !type.IsFloat():
                return (register.Slot, type.Size() == 4);
            default:
                throw Fail(statement, PtxErrorKind.Operand, "an address must be a register of 32 or 64 bits, a variable or a number");
        }
    }

    public static AddressOperand Address(InstructionStatement statement, int index) => At(statement, index) as AddressOperand
        ?? throw Fail(statement, PtxErrorKind.Operand, $"operand {index + 1} must be an address");

    public static PtxOperand At(InstructionStatement statement, int index) => index < statement.Operands.Count
        ? statement.Operands[index]
        : throw Fail(statement, PtxErrorKind.Operand, $"operand {index + 1} is missing");

    public static void ExpectCount(InstructionStatement statement, int count)
    {
        if (statement.Operands.Count != count)
        {
            throw Fail(statement, PtxErrorKind.Operand, $"{count} operands were expected, {statement.Operands.Count} are there");
        }
    }

    /// <summary>The registers of <c>{a, b}</c>, or the one register that stands alone.</summary>
    public static int[] Registers(ProgramBuilder builder, InstructionStatement statement, int index, PtxType type, int count, bool mayBeWider)
    {
        var items = Items(statement, index, count);
        return [.. items.Select(o => Find(builder, statement, o, type, mayBeWider))];
    }

    public static int[] Sources(ProgramBuilder builder, InstructionStatement statement, int index, PtxType type, int count, bool mayBeWider)
    {
        var items = Items(statement, index, count);
        return [.. items.Select(o => Source(builder, statement, o, type, mayBeWider))];
    }

    public static PtxException Fail(InstructionStatement statement, PtxErrorKind kind, string message) => new(kind, message, statement.Source);

    public static PtxException Unknown(InstructionStatement statement) =>
        Fail(statement, PtxErrorKind.UnknownInstruction, $"'{statement.Opcode}' is not implemented");

    private static IReadOnlyList<PtxOperand> Items(InstructionStatement statement, int index, int count)
    {
        var operand = At(statement, index);
        IReadOnlyList<PtxOperand> items = operand is VectorOperand vector ? vector.Items : [operand];
        return items.Count == count ? items : throw Fail(statement, PtxErrorKind.Operand,
            $"operand {index + 1} must hold {count} registers, it holds {items.Count}");
    }

    private static int Find(ProgramBuilder builder, InstructionStatement statement, PtxOperand operand, PtxType type, bool mayBeWider)
    {
        if (operand is not NameOperand { Negated: false } name)
        {
            throw Fail(statement, PtxErrorKind.Operand, "a register was expected");
        }

        if (builder.Find(name.Name) is not NamedRegister register)
        {
            var kind = name.Name.StartsWith('%') ? "register" : "name";
            throw Fail(statement, PtxErrorKind.Undefined, $"{kind} '{name.Name}' is declared nowhere");
        }

        var width = builder.Slots.Width(register.Slot);
        var needed = type.Size() == 1 ? 2 : type.Size();
        var fits = width == needed || (mayBeWider && width > needed && needed > 0);
        var mixes = !IsUntyped(type) && !IsUntyped(register.Type) && type.IsFloat() != register.Type.IsFloat();
        return fits && !mixes
            ? register.Slot
            : throw Fail(statement, PtxErrorKind.Operand, $"register '{name.Name}' of type {register.Type} does not fit type {type}");
    }

    private static bool IsUntyped(PtxType type) => type is PtxType.B8 or PtxType.B16 or PtxType.B32 or PtxType.B64 or PtxType.Pred;

    private static void CheckRange(InstructionStatement statement, long value, PtxType type)
    {
        var bits = 8 * type.Size();
        if (bits < 64 && (value >= 1L << bits || value < -(1L << (bits - 1))))
        {
            throw Fail(statement, PtxErrorKind.Operand, $"{value} does not fit {bits} bits");
        }
    }
}

using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Branches, returns, calls.</summary>
internal static class ControlDecoder
{
    public static void Decode(ProgramBuilder builder, InstructionStatement statement, string[] words)
    {
        var uniform = words.Length > 1 && words[^1] == "uni";
        var name = uniform ? string.Join('.', words[..^1]) : statement.Opcode;
        switch (name)
        {
            case "bra":
                Branch(builder, statement, 0, Flow.Branch, []).Uniform = uniform;
                break;
            case "brx.idx":
                var index = OperandReader.Source(builder, statement, OperandReader.At(statement, 0), PtxType.U32);
                Branch(builder, statement, 1, Flow.IndexedBranch, [index]).Uniform = uniform;
                break;
            case "ret" or "exit":
                Return(builder, statement, uniform);
                break;
            case "trap":
                builder.Emit(statement, static (warp, _, mask) => throw warp.Fail(PtxErrorKind.Trap, "trap was executed", mask), [], []);
                break;
            case "call":
                Call(builder, statement);
                break;
            default:
                throw OperandReader.Unknown(statement);
        }
    }

    private static Instruction Branch(ProgramBuilder builder, InstructionStatement statement, int labelAt, Flow flow, int[] operands)
    {
        OperandReader.ExpectCount(statement, labelAt + 1);
        if (statement.Operands[labelAt] is not NameOperand label)
        {
            throw OperandReader.Fail(statement, PtxErrorKind.Operand, "a label was expected");
        }

        var instruction = builder.Emit(statement, null, [], operands);
        instruction.Flow = flow;
        builder.Frame.Branches.Add((instruction, label.Name));
        return instruction;
    }

    private static void Return(ProgramBuilder builder, InstructionStatement statement, bool uniform)
    {
        OperandReader.ExpectCount(statement, 0);
        var instruction = builder.Emit(statement, null, [], []);
        instruction.Uniform = uniform;
        var leaves = builder.Frame.IsEntry || statement.Opcode == "exit";
        instruction.Flow = leaves ? Flow.Exit : Flow.Branch;
        if (!leaves)
        {
            builder.Frame.Returns.Add(instruction);
        }
    }

    private static void Call(ProgramBuilder builder, InstructionStatement statement)
    {
        var operands = statement.Operands;
        IReadOnlyList<PtxOperand> results = [];
        var at = 0;
        if (operands.Count > 0 && operands[0] is ListOperand first)
        {
            results = first.Items;
            at = 1;
        }

        if (at >= operands.Count || operands[at] is not NameOperand function)
        {
            throw OperandReader.Fail(statement, PtxErrorKind.Operand, "the name of a function was expected");
        }

        IReadOnlyList<PtxOperand> arguments = at + 1 < operands.Count && operands[at + 1] is ListOperand list ? list.Items : [];
        builder.Expand(statement, function.Name, results, arguments);
    }
}

using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Syntax;

namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Turns an entry's statements into a program: numbers the registers, places the variables, expands the calls, resolves the labels.</summary>
internal sealed class ProgramBuilder
{
    private readonly IReadOnlyDictionary<string, PtxFunction> functions;
    private readonly List<Instruction> instructions = [];
    private readonly List<VariablePlace> shared = [];
    private readonly List<VariablePlace> local = [];
    private readonly List<VariablePlace> module = [];
    private readonly Names moduleNames = new();
    private FunctionFrame frame;
    private int sharedGrain = 4;
    private int globalGrain = 4;

    private ProgramBuilder(PtxFunction entry, IReadOnlyDictionary<string, PtxFunction> functions)
    {
        this.functions = functions;
        frame = new FunctionFrame(entry.Name, caller: null);
    }

    public Slots Slots { get; } = new();

    public FunctionFrame Frame => frame;

    public static Program Build(PtxFunction entry, IReadOnlyDictionary<string, PtxFunction> functions, IReadOnlyList<VariableStatement> variables)
    {
        var builder = new ProgramBuilder(entry, functions);
        foreach (var variable in variables)
        {
            builder.Place(variable, builder.moduleNames);
        }

        var parameters = builder.PlaceParameters(entry);
        builder.DecodeBody(entry);
        return new Program
        {
            Name = entry.Name,
            Instructions = [.. builder.instructions],
            Parameters = [.. parameters],
            ParameterBytes = parameters.Count == 0 ? 0 : parameters[^1].Offset + parameters[^1].Length,
            Slots = builder.Slots.Count,
            Constants = builder.Slots.Constants,
            Specials = builder.Slots.Specials,
            Shared = [.. builder.shared],
            Local = [.. builder.local],
            Module = [.. builder.module],
            SharedGrain = builder.sharedGrain,
            GlobalGrain = builder.globalGrain,
        };
    }

    /// <summary>Appends an instruction, with the statement's guard.</summary>
    public Instruction Emit(InstructionStatement statement, LaneAction? action, int[] results, int[] operands)
    {
        var guard = statement.Guard is null ? -1 : OperandReader.Register(this, statement, new NameOperand(statement.Guard, Negated: false), PtxType.Pred);
        var instruction = new Instruction
        {
            Source = statement.Source,
            Opcode = statement.Opcode,
            Guard = guard,
            GuardNegated = statement.GuardNegated,
            Action = action,
            Results = results,
            Operands = operands,
        };
        instructions.Add(instruction);
        return instruction;
    }

    public Named? Find(string name) => frame.Names.Find(name) ?? moduleNames.Find(name);

    /// <summary>Keeps the narrowest access of each state space.</summary>
    public void NoteAccess(PtxSpace space, int bytes)
    {
        sharedGrain = space is PtxSpace.Shared or PtxSpace.Generic ? Math.Min(sharedGrain, bytes) : sharedGrain;
        globalGrain = space is PtxSpace.Global or PtxSpace.Generic ? Math.Min(globalGrain, bytes) : globalGrain;
    }

    /// <summary>Expands a call in place: the callee's parameters are the caller's <c>.param</c> variables.</summary>
    public void Expand(InstructionStatement statement, string name, IReadOnlyList<PtxOperand> results, IReadOnlyList<PtxOperand> arguments)
    {
        if (!functions.TryGetValue(name, out var callee) || callee.Body is null)
        {
            var declared = callee is null ? "is declared nowhere" : "is declared without a body";
            throw new PtxException(PtxErrorKind.Undefined, $"'{name}' is called and {declared}", statement.Source);
        }

        if (frame.IsExpanding(name))
        {
            throw new PtxException(PtxErrorKind.UnknownInstruction, $"'{name}' calls itself; recursion is not implemented", statement.Source);
        }

        if (statement.Guard is not null)
        {
            throw new PtxException(PtxErrorKind.UnknownInstruction, "a guarded call is not implemented", statement.Source);
        }

        if (results.Count != callee.Results.Count || arguments.Count != callee.Parameters.Count)
        {
            throw new PtxException(PtxErrorKind.Operand, $"'{name}' takes {callee.Parameters.Count} arguments and gives {callee.Results.Count} results",
                statement.Source);
        }

        var inner = new FunctionFrame(name, frame);
        foreach (var (formal, actual) in callee.Results.Zip(results).Concat(callee.Parameters.Zip(arguments)))
        {
            if (actual is not NameOperand { Name: var variable } || Find(variable) is not NamedVariable { Space: PtxSpace.Parameter } place)
            {
                throw new PtxException(PtxErrorKind.Operand, $"an argument of '{name}' is not a .param variable", statement.Source);
            }

            inner.Names.Declare(formal.Name, place, formal.Source);
        }

        frame = inner;
        DecodeBody(callee);
        foreach (var instruction in inner.Returns)
        {
            instruction.Target = instructions.Count;
        }

        frame = inner.Caller!;
    }

    private void DecodeBody(PtxFunction function)
    {
        var body = frame;
        foreach (var statement in function.Body!)
        {
            switch (statement)
            {
                case ScopeStart:
                    body.Names.Open();
                    break;
                case ScopeEnd:
                    body.Names.Close();
                    break;
                case LabelStatement label:
                    if (!body.Labels.TryAdd(label.Name, instructions.Count))
                    {
                        throw new PtxException(PtxErrorKind.Syntax, $"label '{label.Name}' is declared twice", label.Source);
                    }

                    body.LastLabel = label.Name;
                    break;
                case TargetsStatement targets when body.LastLabel is not null:
                    body.BranchTables[body.LastLabel] = targets.Labels;
                    break;
                case RegisterStatement registers:
                    Declare(registers);
                    break;
                case VariableStatement variable:
                    Place(variable, body.Names);
                    break;
                case InstructionStatement instruction:
                    InstructionDecoder.Decode(this, instruction);
                    break;
                default:
                    throw new PtxException(PtxErrorKind.Syntax, "this statement has no meaning here", statement.Source);
            }
        }

        EndBody(function);
        foreach (var (instruction, label) in body.Branches)
        {
            instruction.Target = Label(body, instruction, label);
            if (body.BranchTables.TryGetValue(label, out var targets) && instruction.Flow == Flow.IndexedBranch)
            {
                instruction.Targets = [.. targets.Select(t => Label(body, instruction, t))];
            }
        }
    }

    /// <summary>Falling off the end of a body returns.</summary>
    private void EndBody(PtxFunction function)
    {
        var end = new Instruction { Source = function.Source, Opcode = "ret", Flow = frame.IsEntry ? Flow.Exit : Flow.Branch };
        instructions.Add(end);
        if (!frame.IsEntry)
        {
            frame.Returns.Add(end);
        }
    }

    private static int Label(FunctionFrame body, Instruction instruction, string label) => body.Labels.TryGetValue(label, out var target)
        ? target
        : throw new PtxException(PtxErrorKind.Undefined, $"label '{label}' is declared nowhere", instruction.Source);

    private void Declare(RegisterStatement registers)
    {
        if (registers.Count < 0)
        {
            frame.Names.Declare(registers.Name, new NamedRegister(Slots.Register(registers.Type), registers.Type), registers.Source);
            return;
        }

        for (var i = 0; i < registers.Count; i++)
        {
            frame.Names.Declare($"{registers.Name}{i}", new NamedRegister(Slots.Register(registers.Type), registers.Type), registers.Source);
        }
    }

    private List<ParameterPlace> PlaceParameters(PtxFunction entry)
    {
        var places = new List<ParameterPlace>();
        var offset = 0;
        foreach (var parameter in entry.Parameters)
        {
            offset = (offset + parameter.Alignment - 1) / parameter.Alignment * parameter.Alignment;
            var place = new ParameterPlace(parameter.Name, offset, (int)parameter.Length);
            frame.Names.Declare(parameter.Name, new NamedParameter(place), parameter.Source);
            places.Add(place);
            offset += place.Length;
        }

        return places;
    }

    private void Place(VariableStatement variable, Names names)
    {
        var (list, address) = variable.Space switch
        {
            PtxSpace.Shared => (shared, AddressLayout.Narrow(shared.Count)),
            PtxSpace.Local or PtxSpace.Parameter => (local, AddressLayout.Narrow(local.Count)),
            _ => (module, AddressLayout.Module(module.Count)),
        };
        if (variable.Length > AddressLayout.NarrowLimit && list != module)
        {
            throw new PtxException(PtxErrorKind.Operand, $"'{variable.Name}' has {variable.Length} bytes; at most {AddressLayout.NarrowLimit} are allowed",
                variable.Source);
        }

        list.Add(new VariablePlace(variable.Name, variable.Space, variable.Length, variable.Initial));
        names.Declare(variable.Name, new NamedVariable(variable.Space, address), variable.Source);
    }
}

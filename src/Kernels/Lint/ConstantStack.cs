using System.Reflection;
using System.Reflection.Emit;

namespace LargeRec.Kernels.Lint;

/// <summary>
/// Follows which values of the evaluation stack are float constants, or sums and products with one: the compiler turns a comparison around whose left side is
/// constant, and puts constants together that stand in one sum or product.
/// </summary>
/// <param name="method">Whose instructions are followed.</param>
internal sealed class ConstantStack(MethodBase method)
{
    private const string TurnedAround = "a comparison with a constant on the left: it is turned around and true for NaN; write the constant on the right";
    private const string SummedFirst = "a sum with two constants, which are added first: write a value in place of one, or one constant";
    private const string MultipliedFirst = "a product with two constants, which are multiplied first: write one factor";

    private readonly Stack<Entry> _entries = [];

    private enum Kind
    {
        Other,
        Constant,
        PlusConstant,
        MinusConstant,
        ConstantMinus,
        Product,
    }

    /// <summary>Goes past an instruction; what is wrong with it, or null.</summary>
    public string? Step(Instruction instruction, Instruction? before)
    {
        var code = instruction.Code;
        if (instruction.Real is { } value)
        {
            _entries.Push(new Entry(Kind.Constant, value));
            return null;
        }

        if (code == OpCodes.Add || code == OpCodes.Sub || code == OpCodes.Mul)
        {
            var (right, left) = (Pop(), Pop());
            var (result, finding) = code == OpCodes.Mul ? Multiplied(left, right) : Summed(left, right, code == OpCodes.Sub);
            _entries.Push(result);
            return finding;
        }

        if (IsComparison(code))
        {
            var (right, left) = (Pop(), Pop());
            if (code.FlowControl == FlowControl.Cond_Branch)
            {
                _entries.Clear();
            }
            else
            {
                _entries.Push(default);
            }

            return left.Kind == Kind.Constant && right.Kind != Kind.Constant ? TurnedAround : null;
        }

        Other(instruction, before);
        return null;
    }

    private static (Entry Result, string? Finding) Multiplied(Entry left, Entry right)
    {
        var constant = left.Kind == Kind.Constant ? left : right;
        var other = left.Kind == Kind.Constant ? right : left;
        if (constant.Kind != Kind.Constant || other.Kind == Kind.Constant)
        {
            return default;
        }

        return (new Entry(Kind.Product, constant.Value), other.Kind == Kind.Product && !IsExact(constant.Value, other.Value) ? MultipliedFirst : null);
    }

    private static (Entry Result, string? Finding) Summed(Entry left, Entry right, bool isDifference)
    {
        if (right.Kind == Kind.Constant && left.Kind != Kind.Constant)
        {
            // Of opposite signs the constants stay apart.
            var wrong = isDifference ? left.Kind is Kind.MinusConstant : left.Kind is Kind.PlusConstant;
            return (new Entry(isDifference ? Kind.MinusConstant : Kind.PlusConstant, right.Value), wrong ? SummedFirst : null);
        }

        if (left.Kind == Kind.Constant && right.Kind != Kind.Constant)
        {
            var wrong = isDifference ? right.Kind is Kind.ConstantMinus : right.Kind is Kind.PlusConstant;
            return (new Entry(isDifference ? Kind.ConstantMinus : Kind.PlusConstant, left.Value), wrong ? SummedFirst : null);
        }

        return default;
    }

    /// <summary>A power of two changes no digit, whenever it is multiplied.</summary>
    private static bool IsExact(double a, double b) => IsPowerOfTwo(a) || IsPowerOfTwo(b);

    private static bool IsPowerOfTwo(double value) => (BitConverter.DoubleToInt64Bits(value) & 0xFFFFFFFFFFFFFL) == 0;

    private static bool IsComparison(OpCode code) =>
        code == OpCodes.Clt || code == OpCodes.Clt_Un || code == OpCodes.Cgt || code == OpCodes.Cgt_Un
        || ((code.StackBehaviourPop == StackBehaviour.Pop1_pop1) && code.FlowControl == FlowControl.Cond_Branch
            && code != OpCodes.Beq && code != OpCodes.Beq_S && code != OpCodes.Bne_Un && code != OpCodes.Bne_Un_S);

    private void Other(Instruction instruction, Instruction? before)
    {
        var code = instruction.Code;
        if (code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
        {
            // What joins here is not followed.
            _entries.Clear();
            return;
        }

        if (code.FlowControl == FlowControl.Call)
        {
            if (ReachedMethods.Resolve(method, instruction, before) is not { } called)
            {
                _entries.Clear();
                return;
            }

            var arguments = called.GetParameters().Length + (called.IsStatic || code == OpCodes.Newobj ? 0 : 1);
            Pop(arguments);
            if (code == OpCodes.Newobj || called is MethodInfo { ReturnType: var type } && type != typeof(void))
            {
                _entries.Push(default);
            }

            return;
        }

        if (code == OpCodes.Dup)
        {
            var top = Pop();
            _entries.Push(top);
            _entries.Push(top);
            return;
        }

        Pop(Count(code.StackBehaviourPop));
        for (var i = 0; i < Count(code.StackBehaviourPush); i++)
        {
            _entries.Push(default);
        }
    }

    private static int Count(StackBehaviour behaviour) => behaviour switch
    {
        StackBehaviour.Pop0 or StackBehaviour.Push0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref or StackBehaviour.Push1 or StackBehaviour.Pushi or StackBehaviour.Pushi8
            or StackBehaviour.Pushr4 or StackBehaviour.Pushr8 or StackBehaviour.Pushref => 1,
        StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4
            or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi or StackBehaviour.Push1_push1 => 2,
        _ => 3,
    };

    private void Pop(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Pop();
        }
    }

    private Entry Pop() => _entries.TryPop(out var entry) ? entry : default;

    private readonly record struct Entry(Kind Kind, double Value);
}

using System.Reflection;
using System.Reflection.Emit;

namespace LargeRec.Kernels.Lint;

/// <summary>What a kernel is compiled from: its method and all of ours that it calls, with the types that generic ones stand for.</summary>
internal static class ReachedMethods
{
    private const string Ours = "LargeRec.";

    /// <summary>The kernels and what they reach, each once.</summary>
    public static IReadOnlyCollection<MethodBase> From(IEnumerable<MethodBase> kernels)
    {
        var reached = new HashSet<MethodBase>();
        var open = new Stack<MethodBase>(kernels);
        while (open.TryPop(out var method))
        {
            if (reached.Add(method))
            {
                foreach (var called in Called(method).Where(m => m.Module.Assembly.GetName().Name!.StartsWith(Ours, StringComparison.Ordinal)))
                {
                    open.Push(called);
                }
            }
        }

        return reached;
    }

    /// <summary>The method that a call stands for: of a static abstract one, what the constraining type has for it.</summary>
    public static MethodBase? Resolve(MethodBase caller, Instruction call, Instruction? before)
    {
        var (types, methods) = (
            caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, caller.IsGenericMethod ? caller.GetGenericArguments()
            : null);
        var called = caller.Module.ResolveMethod((int)call.Operand, types, methods);
        if (called is not MethodInfo abstractMethod || before is not { } constraint || constraint.Code != OpCodes.Constrained
            || called.DeclaringType is not { IsInterface: true } face)
        {
            return called;
        }

        var implementer = caller.Module.ResolveType((int)constraint.Operand, types, methods);
        if (implementer.IsGenericParameter || implementer.IsInterface)
        {
            return called;
        }

        var map = implementer.GetInterfaceMap(face);
        var definition = abstractMethod.IsGenericMethod ? abstractMethod.GetGenericMethodDefinition() : abstractMethod;
        var place = Array.IndexOf(map.InterfaceMethods, definition);
        var target = place < 0 ? abstractMethod : map.TargetMethods[place];
        return target.IsGenericMethodDefinition ? target.MakeGenericMethod(abstractMethod.GetGenericArguments()) : target;
    }

    private static IEnumerable<MethodBase> Called(MethodBase method)
    {
        Instruction? before = null;
        foreach (var instruction in Instruction.Of(method.GetMethodBody()?.GetILAsByteArray() ?? []))
        {
            if (instruction.Code.OperandType == OperandType.InlineMethod && Resolve(method, instruction, before) is { } called)
            {
                yield return called;
            }

            before = instruction;
        }
    }
}

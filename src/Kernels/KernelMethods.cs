using System.Reflection;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Kernels;

/// <summary>From names of the catalogue to the methods that are their kernels.</summary>
internal sealed class KernelMethods
{
    private readonly Dictionary<string, MethodInfo> _methods = [];

    public KernelMethods()
    {
        foreach (var method in typeof(KernelMethods).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public)))
        {
            if (method.GetCustomAttribute<KernelAttribute>() is { } kernel)
            {
                Add(kernel, method);
            }
        }
    }

    /// <summary>The names that have a method.</summary>
    public IReadOnlyCollection<string> Names => _methods.Keys;

    /// <exception cref="KernelException">No method has the name.</exception>
    public MethodInfo Find(string name) => _methods.TryGetValue(name, out var method) ? method : throw new KernelException($"there is no kernel '{name}'");

    /// <summary>What the kernel takes.</summary>
    public static KernelParameter[] ParametersOf(MethodInfo method) => Array.ConvertAll(
        method.GetParameters(),
        p => p.ParameterType.IsGenericType ? KernelParameter.View
            : p.ParameterType == typeof(float) ? KernelParameter.Real
            : p.ParameterType == typeof(int) || p.ParameterType == typeof(uint) ? KernelParameter.Word
            : throw new KernelException($"{method.DeclaringType!.Name}.{method.Name}: parameter {p.Name} is a {p.ParameterType.Name}; kernels take views, "
                + "int, uint and float"));

    private void Add(KernelAttribute kernel, MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            _methods.Add(new KernelEntry(kernel.Family, kernel.Operation, kernel.Variant, 0).Name, method);
            return;
        }

        foreach (var function in typeof(IPointwiseFunction).Assembly.GetTypes().Where(t => t.IsValueType && t.IsAssignableTo(typeof(IPointwiseFunction))))
        {
            var operation = $"{kernel.Operation}-{function.Name.ToLowerInvariant()}";
            _methods.Add(new KernelEntry(kernel.Family, operation, kernel.Variant, 0).Name, method.MakeGenericMethod(function));
        }
    }
}

using LargeRec.Engine;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models;

/// <summary>A part of a model: options and named parameters.</summary>
public abstract class Module
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>All parameters, those of the parts within included, in the order in which they were made.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Number of trained values.</summary>
    public long ParameterCount => _parameters.Sum(p => p.Shape.Count);

    /// <summary>Makes a parameter and keeps it.</summary>
    protected Parameter Register(Device device, ParameterSetting setting, Shape shape, ulong seed) =>
        Register(Parameter.Create(device, setting.Name, shape, setting.First, seed, isConvolution: setting.IsConvolution));

    /// <summary>Makes a parameter where there is to be one.</summary>
    protected Parameter? RegisterOptional(Device device, ParameterSetting? setting, Shape shape, ulong seed) =>
        setting is null ? null : Register(device, setting, shape, seed);

    protected Parameter Register(Parameter parameter)
    {
        if (_parameters.Exists(p => p.Name == parameter.Name))
        {
            throw new InvalidOperationException($"There are two parameters named '{parameter.Name}'; names must differ, since weights are kept and random "
                + "numbers are drawn by name.");
        }

        _parameters.Add(parameter);
        return parameter;
    }

    protected TModule Register<TModule>(TModule part)
        where TModule : Module
    {
        foreach (var parameter in part.Parameters)
        {
            Register(parameter);
        }

        return part;
    }
}

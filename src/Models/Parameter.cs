using LargeRec.Autograd;
using LargeRec.Engine;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models;

/// <summary>A trained tensor with its name. Names follow the public research code where the layer is the same, so that weights travel both ways.</summary>
public sealed class Parameter
{
    /// <summary>Values drawn at a time: a table may be larger than what should be held twice.</summary>
    private const int ValuesAtOnce = 1 << 20;

    private Parameter(string name, Variable variable, bool isTable, bool isConvolution) =>
        (Name, Variable, IsTable, IsConvolution) = (name, variable, isTable, isConvolution);

    /// <summary>The path, "_hstu._attention_layers.0._uvqk": also the site of everything random about it.</summary>
    public string Name { get; }

    public Variable Variable { get; }

    /// <summary>Whether its rows are looked up by ids, so that a step may use few of them.</summary>
    public bool IsTable { get; }

    /// <summary>Whether its weights travel as [rows, columns, 1].</summary>
    public bool IsConvolution { get; }

    public Tensor Value => Variable.Value;

    public Shape Shape => Variable.Shape;

    /// <summary>Makes a parameter and draws its first values from a stream of its own, so that no parameter's draw depends on another's.</summary>
    public static Parameter Create(
        Device device, string name, Shape shape, Initializer initializer, ulong seed, bool isTable = false, bool isConvolution = false)
    {
        var tensor = device.AllocatePersistent(shape);
        var stream = new PhiloxStream(seed, name);
        var values = new float[Math.Min(shape.Count, ValuesAtOnce)];
        for (long done = 0; done < shape.Count; done += values.Length)
        {
            var part = values.AsSpan(0, (int)Math.Min(values.Length, shape.Count - done));
            initializer.Fill(part, stream);
            device.Upload(part, tensor.SliceValues(done, part.Length));
        }

        return new Parameter(name, Variable.Leaf(tensor), isTable, isConvolution);
    }

    public override string ToString() => $"{Name} {Shape}";
}

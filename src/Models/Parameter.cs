using LargeRec.Autograd;
using LargeRec.Engine;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models;

/// <summary>A trained tensor with its name. Names follow the public research code where the layer is the same, so that weights travel both ways.</summary>
public sealed class Parameter
{
    private Parameter(string name, Variable variable) => (Name, Variable) = (name, variable);

    /// <summary>The path, "_hstu._attention_layers.0._uvqk": also the site of everything random about it.</summary>
    public string Name { get; }

    public Variable Variable { get; }

    public Tensor Value => Variable.Value;

    public Shape Shape => Variable.Shape;

    /// <summary>Makes a parameter and draws its first values from a stream of its own, so that no parameter's draw depends on another's.</summary>
    public static Parameter Create(Device device, string name, Shape shape, Initializer initializer, ulong seed)
    {
        var tensor = device.AllocatePersistent(shape);
        var values = new float[shape.Count];
        initializer.Fill(values, new PhiloxStream(seed, name));
        device.Upload(values, tensor);
        return new Parameter(name, Variable.Leaf(tensor));
    }

    public override string ToString() => $"{Name} {Shape}";
}

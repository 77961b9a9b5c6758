using LargeRec.Engine.Tensors;

namespace LargeRec.Cases;

/// <summary>A tensor that an operation case computes with.</summary>
/// <param name="Name">As the operation's documentation calls it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">In row-major order; the same in every run.</param>
public sealed record CaseInput(string Name, Shape Shape, float[] Values)
{
    /// <summary>Whether its gradient is asked for.</summary>
    public bool IsDifferentiable { get; init; } = true;

    /// <summary>Half the distance of central differences; smaller where the function bends within less than 1.</summary>
    public double DifferenceStep { get; init; } = 1e-5;

    /// <summary>Values of N(mean, deviation), drawn from a stream of the name and the shape.</summary>
    public static CaseInput Normal(string name, Shape shape, double deviation = 1, double mean = 0) =>
        new(name, shape, CaseNumbers.Normal($"{name} {shape}", checked((int)shape.Count), deviation, mean));
}

namespace LargeRec.Models;

/// <summary>A parameter's name and the distribution of its first values.</summary>
/// <param name="Name">The whole path.</param>
/// <param name="First">Its first values.</param>
public sealed record ParameterSetting(string Name, Initializer First)
{
    /// <summary>Where weights travel as PyTorch's convolutions of width 1 keep them: [rows, columns, 1].</summary>
    public bool IsConvolution { get; init; }

    /// <summary>A parameter of zeros.</summary>
    public static ParameterSetting Zeros(string name) => new(name, Initializer.Constant(0));

    /// <summary>A parameter of ones.</summary>
    public static ParameterSetting Ones(string name) => new(name, Initializer.Constant(1));
}

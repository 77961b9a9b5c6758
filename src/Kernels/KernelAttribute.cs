namespace LargeRec.Kernels;

/// <summary>Marks a kernel method of the catalogue.</summary>
/// <param name="family">The operation's family.</param>
/// <param name="operation">What it does; a method generic over a pointwise function stands for an operation a function.</param>
/// <param name="variant">Which of the ways to do it.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelAttribute(string family, string operation, string variant = "plain") : Attribute
{
    public string Family { get; } = family;

    public string Operation { get; } = operation;

    public string Variant { get; } = variant;
}

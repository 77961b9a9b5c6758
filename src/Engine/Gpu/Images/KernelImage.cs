namespace LargeRec.Engine.Gpu.Images;

/// <summary>A kernel in the form that a driver takes.</summary>
/// <param name="Name">The catalogue's name, "product.multiply.silu".</param>
/// <param name="Target">What the text is for.</param>
/// <param name="EntryPoint">The kernel's name within the text.</param>
/// <param name="Parameters">In order.</param>
/// <param name="Text">PTX or OpenCL C.</param>
public sealed record KernelImage(string Name, KernelTarget Target, string EntryPoint, IReadOnlyList<KernelParameter> Parameters, string Text);

namespace LargeRec.Engine.Gpu.Images;

/// <summary>Where a device gets its kernels' text from: a compiler, or images that were built before.</summary>
public interface IKernelSource
{
    /// <summary>The image of a kernel of the catalogue.</summary>
    /// <param name="name">The catalogue's name.</param>
    /// <param name="target">What the text is to be for.</param>
    /// <exception cref="KernelException">There is none, or it cannot be compiled; the message names kernel and target.</exception>
    KernelImage Load(string name, KernelTarget target);
}

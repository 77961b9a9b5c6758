using System.Reflection;

namespace LargeRec.Engine.Gpu.Images;

/// <summary>
/// Kernel images that an assembly carries as resources <c>kernels/FILE</c>, named by <see cref="KernelImageFile.FileName"/>: for programs that are deployed
/// without the compiler.
/// </summary>
/// <param name="assembly">The assembly that carries them.</param>
public sealed class EmbeddedKernelSource(Assembly assembly) : IKernelSource
{
    private const string Folder = "kernels/";

    public KernelImage Load(string name, KernelTarget target)
    {
        // What is written for a capability runs on later ones.
        var fallbacks = target switch
        {
            KernelTarget.Sm90a => new[] { KernelTarget.Sm90a, KernelTarget.Sm90, KernelTarget.Sm80 },
            KernelTarget.Sm90 => [KernelTarget.Sm90, KernelTarget.Sm80],
            _ => [target],
        };
        foreach (var written in fallbacks)
        {
            var resource = Folder + KernelImageFile.FileName(name, written);
            using var stream = assembly.GetManifestResourceStream(resource);
            if (stream is not null)
            {
                using var reader = new StreamReader(stream);
                return KernelImageFile.Read(reader.ReadToEnd(), resource);
            }
        }

        throw new KernelException($"kernel {name}: no image for {target} is embedded; publish with images of it (largerec kernels build), or "
            + "with the compiler");
    }
}

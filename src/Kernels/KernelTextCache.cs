using System.Security.Cryptography;
using System.Text;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels;

/// <summary>
/// Keeps compiled texts in a folder, so that a program compiles a kernel once. A file's name has a hash of the assemblies that its text depends on (kernels,
/// engine, ILGPU): another version looks for other files. A file that cannot be read or written is compiled around.
/// </summary>
/// <param name="inner">Compiles what is not there.</param>
/// <param name="folder">Where texts are kept; made when the first is written.</param>
public sealed class KernelTextCache(IKernelSource inner, string folder) : IKernelSource
{
    private readonly string _version = VersionOfAssemblies();

    /// <summary>Another version's cache.</summary>
    internal KernelTextCache(IKernelSource inner, string folder, string version)
        : this(inner, folder) => _version = version;

    public KernelImage Load(string name, KernelTarget target)
    {
        var path = Path.Combine(folder, $"{_version}.{KernelImageFile.FileName(name, target)}");
        if (Read(path, name, target) is { } known)
        {
            return known;
        }

        var image = inner.Load(name, target);
        Write(path, image);
        return image;
    }

    private static KernelImage? Read(string path, string name, KernelTarget target)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var content = File.ReadAllText(path);
            var end = content.IndexOf('\n', StringComparison.Ordinal);
            if (end < 0 || content[..end] != Checksum(content[(end + 1)..]))
            {
                return null;
            }

            var image = KernelImageFile.Read(content[(end + 1)..], path);
            return image.Name == name && image.Target == target ? image : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KernelException)
        {
            return null;
        }
    }

    private static void Write(string path, KernelImage image)
    {
        // Written aside and renamed: whoever else looks reads the whole text or none.
        var temporary = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var content = KernelImageFile.Write(image);
            File.WriteAllText(temporary, $"{Checksum(content)}\n{content}");
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written costs a few milliseconds next time, no more.
            Remove(temporary);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It could not be written either.
        }
    }

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string VersionOfAssemblies()
    {
        var modules = new[] { typeof(KernelTextCache), typeof(IKernelSource), typeof(ILGPU.Context) }.Select(t => t.Module.ModuleVersionId.ToString("N"));
        return Checksum(string.Concat(modules))[..16];
    }
}

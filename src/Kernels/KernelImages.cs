using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels;

/// <summary>Writes the catalogue's kernels as files: for programs that carry them without the compiler, and as the accepted copies that tests compare
/// with.</summary>
public static class KernelImages
{
    /// <summary>The targets whose texts are kept as files: those for later CUDA devices differ by a line, and are known by fingerprint.</summary>
    public static IReadOnlyList<KernelTarget> Accepted { get; } = [KernelTarget.OpenCl, KernelTarget.Sm80];

    /// <summary>
    /// Writes an image a kernel and target into a folder, notes all texts in its record of checks as accepted, and deletes images of kernels that are no longer
    /// there.
    /// </summary>
    /// <param name="source">Compiles them.</param>
    /// <param name="folder">Made if need be.</param>
    /// <param name="targets">What images are written for.</param>
    /// <param name="cancellation">Stops between kernels.</param>
    /// <returns>Names of files that were written because they were missing or different, and of those deleted.</returns>
    public static ImageChanges Write(IKernelSource source, string folder, IReadOnlyList<KernelTarget> targets, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        var recordPath = Path.Combine(folder, KernelCheckRecord.FileName);
        var record = File.Exists(recordPath) ? KernelCheckRecord.Parse(File.ReadAllText(recordPath)) : new KernelCheckRecord();
        record.KeepOnly(KernelCatalogue.All.Select(e => e.Name));
        var (written, expected) = (new List<string>(), new HashSet<string>());
        foreach (var entry in KernelCatalogue.All)
        {
            foreach (var target in entry.Targets)
            {
                cancellation.ThrowIfCancellationRequested();
                var image = source.Load(entry.Name, target);
                record.Add(KernelCheck.Texts, image);
                if (targets.Contains(target))
                {
                    var name = KernelImageFile.FileName(entry.Name, target);
                    expected.Add(name);
                    if (WriteIfDifferent(Path.Combine(folder, name), KernelImageFile.Write(image)))
                    {
                        written.Add(name);
                    }
                }
            }
        }

        WriteIfDifferent(recordPath, record.ToString());
        var files = Directory.GetFiles(folder, "*.ptx").Concat(Directory.GetFiles(folder, "*.cl"));
        var deleted = files.Where(f => !expected.Contains(Path.GetFileName(f)) && IsImage(f)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            .ToArray();
        foreach (var name in deleted)
        {
            File.Delete(Path.Combine(folder, name));
        }

        return new ImageChanges(expected.Count, written, deleted);
    }

    private static bool IsImage(string path)
    {
        try
        {
            KernelImageFile.Read(File.ReadAllText(path), path);
            return true;
        }
        catch (KernelException)
        {
            // Somebody else's file.
            return false;
        }
    }

    private static bool WriteIfDifferent(string path, string content)
    {
        if (File.Exists(path) && File.ReadAllText(path) == content)
        {
            return false;
        }

        File.WriteAllText(path, content);
        return true;
    }
}

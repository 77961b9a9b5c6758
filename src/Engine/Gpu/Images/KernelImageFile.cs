using System.Security.Cryptography;
using System.Text;

namespace LargeRec.Engine.Gpu.Images;

/// <summary>
/// A kernel image as a file: its text, below one line of comment that names kernel, target, entry point and parameters, such as
/// <c>// pointwise.fill.plain OpenCl Kernel View Word Word Word Word Real</c>.
/// </summary>
public static class KernelImageFile
{
    private const string Comment = "// ";

    /// <summary>NAME.sm80.ptx, NAME.opencl.cl.</summary>
    public static string FileName(string kernel, KernelTarget target) =>
        target == KernelTarget.OpenCl ? $"{kernel}.opencl.cl" : $"{kernel}.{target.ToString().ToLowerInvariant()}.ptx";

    /// <summary>The file's whole content.</summary>
    public static string Write(KernelImage image) =>
        $"{Comment}{image.Name} {image.Target} {image.EntryPoint} {string.Join(' ', image.Parameters)}\n{image.Text}";

    /// <summary>Tells texts apart: 16 digits of a hash of the whole content.</summary>
    public static string Fingerprint(KernelImage image) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(image))))[..16];

    /// <summary>The image of a content.</summary>
    /// <param name="content">As <see cref="Write"/> made it.</param>
    /// <param name="origin">What errors call it.</param>
    /// <exception cref="KernelException">The first line is not as described.</exception>
    public static KernelImage Read(string content, string origin)
    {
        var end = content.IndexOf('\n', StringComparison.Ordinal);
        var words = end > Comment.Length && content.StartsWith(Comment, StringComparison.Ordinal) ? content[Comment.Length..end].Split(' ') : [];
        var parameters = new List<KernelParameter>();
        foreach (var word in words.Skip(3))
        {
            if (!Enum.TryParse(word, out KernelParameter parameter))
            {
                throw Damaged(origin);
            }

            parameters.Add(parameter);
        }

        return words.Length >= 3 && Enum.TryParse(words[1], out KernelTarget target)
            ? new KernelImage(words[0], target, words[2], parameters, content[(end + 1)..])
            : throw Damaged(origin);
    }

    private static KernelException Damaged(string origin) =>
        new($"{origin}: its first line does not name kernel, target, entry point and parameters; build the images again");
}

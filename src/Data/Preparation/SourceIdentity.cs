using System.Globalization;
using System.IO.Hashing;
using System.Text;
using LargeRec.Data.Catalogue;

namespace LargeRec.Data.Preparation;

/// <summary>
/// What tells whether a source is still what it was: names, lengths and contents of its files. A file of up to 64 MiB is hashed whole; of a larger one
/// 64 pieces of 1 MiB, first and last included, and the time of its last change. docs/decisions/0006 weighs it.
/// </summary>
internal static class SourceIdentity
{
    private const int PieceBytes = 1 << 20;
    private const int Pieces = 64;

    /// <summary>Lines of text, without the place that the source lies in.</summary>
    /// <exception cref="DatasetNotFoundException">It is not there.</exception>
    public static (string Location, string Identity) Of(string nameOrFile, string? dataDirectory, CancellationToken cancellation)
    {
        var (location, files) = DatasetCatalogue.SourceFiles(nameOrFile, dataDirectory);
        var text = new StringBuilder();
        foreach (var file in files)
        {
            var name = File.Exists(location) ? Path.GetFileName(file) : Path.GetRelativePath(location, file).Replace('\\', '/');
            text.Append(CultureInfo.InvariantCulture, $"{name} {HashOf(file, cancellation)}\n");
        }

        return (location, text.ToString());
    }

    private static string HashOf(string path, CancellationToken cancellation)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var hash = new XxHash128();
        var length = stream.Length;
        var isWhole = length <= (long)Pieces * PieceBytes;
        var buffer = new byte[PieceBytes];
        for (var piece = 0; piece < Pieces; piece++)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Position = isWhole ? Math.Min((long)piece * PieceBytes, length) : (length - PieceBytes) / (Pieces - 1) * piece;
            if (!isWhole && piece == Pieces - 1)
            {
                stream.Position = length - PieceBytes;
            }

            hash.Append(buffer.AsSpan(0, stream.ReadAtLeast(buffer, PieceBytes, throwOnEndOfStream: false)));
        }

        var changed = isWhole ? "" : $" {File.GetLastWriteTimeUtc(path).Ticks}";
        return $"{length} {Convert.ToHexStringLower(hash.GetCurrentHash())}{changed}";
    }
}

using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Preparation;

/// <summary>
/// Users' sequences in a file that is mapped into memory as it is: opening copies ids and titles only. Everything is checked on opening: sizes and
/// checksums of all sections, offsets that ascend, items and codes within their bounds, times that never decrease within a user, so that what is
/// opened can be trusted as what was read from the log. docs/decisions/0006 has the reasons.
/// </summary>
public sealed class PreparedFile : IDisposable
{
    private readonly MappedFile _file;

    internal PreparedFile(MappedFile file, InteractionSequences sequences, string key) => (_file, Sequences, Key) = (file, sequences, key);

    /// <summary>The users' events, whose columns are valid until the file is disposed of. Undisposed they are so until the process ends.</summary>
    public InteractionSequences Sequences { get; }

    /// <summary>What the file was made from, in its maker's words: what was given to <see cref="Write"/>.</summary>
    public string Key { get; }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Replaced where it is there; files that are mapped keep their old content.</param>
    /// <param name="sequences">Users' events in order.</param>
    /// <param name="contents">What is kept beside users, items, times, ids and titles.</param>
    /// <param name="key">Says what the file is made from, for whoever must know whether it is stale.</param>
    /// <param name="cancellation">Leaves no file, or the old one.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(
        string path,
        InteractionSequences sequences,
        PreparedContents contents = PreparedContents.All,
        string key = "",
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        RequireLittleEndian();
        PreparedWriter.Write(path, sequences.Parts, contents, key, cancellation);
    }

    /// <summary>Opens a file and checks all of it.</summary>
    /// <exception cref="DataFormatException">It is no prepared file, of another version, cut or damaged.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be mapped.</exception>
    public static PreparedFile Open(string path)
    {
        RequireLittleEndian();
        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            throw DataFile.Empty(path);
        }

        var file = new MappedFile(path);
        try
        {
            return new PreparedReader(file).Read();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as a prepared one does, of whatever version.</summary>
    public static bool IsPrepared(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[PreparedLayout.Magic.Length];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(PreparedLayout.Magic);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Unmaps the file: no span of its columns may be used any more, and asking for another throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _file.Dispose();

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("prepared files are little endian and this machine is big endian; use the data's own files (--no-cache)");
        }
    }
}

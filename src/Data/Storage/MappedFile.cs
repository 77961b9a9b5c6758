using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace LargeRec.Data.Storage;

/// <summary>
/// A file mapped into memory for reading. It stays mapped until it is disposed of; nothing else ever unmaps it, so a span into it can only be left
/// dangling by an explicit <see cref="Dispose"/>. The file may be renamed over or deleted meanwhile (the mapping keeps the old content), but must
/// not be cut in place.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    /// <exception cref="IOException">There is no such file, or it cannot be mapped.</exception>
    public MappedFile(string path)
    {
        FilePath = path;
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        try
        {
            Length = stream.Length;
            _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        try
        {
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);

            // The reference taken here is given back by Dispose alone: the handle's finaliser cannot unmap what spans may still point into.
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    public string FilePath { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Values at a place in the file, valid until the file is disposed of.</summary>
    /// <param name="offset">In bytes, a multiple of the value's size.</param>
    /// <param name="count">Values.</param>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public ReadOnlySpan<T> Values<T>(long offset, int count) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (offset < 0 || count < 0 || offset > Length || (long)count * Unsafe.SizeOf<T>() > Length - offset || offset % Unsafe.SizeOf<T>() != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{count} values at byte {offset} are not within the {Length} bytes of {FilePath}");
        }

        return new ReadOnlySpan<T>(_start + offset, count);
    }

    /// <summary>Unmaps the file. No span into it may be used afterwards.</summary>
    public void Dispose()
    {
        if (_start is null)
        {
            return;
        }

        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}

namespace LargeRec.Data.Sources;

/// <summary>Gives formats that jump about in their file one in which they can.</summary>
internal static class TemporaryCopy
{
    // Far above any workbook, far below a disk.
    private const long MostBytes = 1L << 33;

    /// <summary>The stream itself where it is seekable; else its bytes in a temporary file that is gone when it is closed. The stream given is then
    /// disposed.</summary>
    public static Stream Seekable(Stream stream, CancellationToken cancellation)
    {
        if (stream.CanSeek)
        {
            return stream;
        }

        using (stream)
        {
            var path = Path.Combine(Path.GetTempPath(), $"largerec-{Path.GetRandomFileName()}");
            var copy = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
            try
            {
                var buffer = new byte[1 << 16];
                for (int read; (read = stream.Read(buffer)) > 0;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    copy.Write(buffer, 0, read);
                    if (copy.Length > MostBytes)
                    {
                        throw new InvalidDataException($"it has more than {MostBytes} bytes");
                    }
                }

                copy.Position = 0;
                return copy;
            }
            catch
            {
                copy.Dispose();
                throw;
            }
        }
    }
}

using LargeRec.Data.Download;

namespace LargeRec.Data.Tests.Download;

/// <summary>A disk that has room for so many bytes, though it does not say so.</summary>
internal sealed class FullDisk(long room, long? saysFree = null) : DownloadFiles
{
    private const int NoSpace = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private long _room = room;

    public override long? FreeBytes(string folder) => saysFree;

    public override Stream OpenWrite(string path, FileMode mode) => new Limited(base.OpenWrite(path, mode), this);

    private sealed class Limited(Stream inner, FullDisk disk) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            var fits = (int)Math.Min(count, disk._room);
            inner.Write(buffer, offset, fits);
            disk._room -= fits;
            if (fits < count)
            {
                throw new IOException("No space left on device", OperatingSystem.IsWindows() ? NoSpaceOnWindows : NoSpace);
            }
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => inner.SetLength(value);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

namespace LargeRec.Data.Sources;

/// <summary>A stream whose first bytes were looked at and are read again.</summary>
internal sealed class PeekedStream : ReadOnlyStream
{
    private readonly Stream _below;
    private readonly byte[] _head;
    private int _given;

    public PeekedStream(Stream below, int bytes)
    {
        _below = below;
        var head = new byte[bytes];
        _head = head[..below.ReadAtLeast(head, bytes, throwOnEndOfStream: false)];
    }

    public ReadOnlySpan<byte> Head => _head;

    public override int Read(Span<byte> buffer)
    {
        if (_given == _head.Length)
        {
            return _below.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _head.Length - _given);
        _head.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _below.Dispose();
        }

        base.Dispose(disposing);
    }
}

using LargeRec.Data.Sources;

namespace LargeRec.Data.Download;

/// <summary>Reads another stream, and throws where that has more bytes than it may.</summary>
internal sealed class BoundedStream(Stream inner, long most, Func<Exception> tooMuch) : ReadOnlyStream
{
    private long _passed;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _passed += read;
        return _passed <= most ? read : throw tooMuch();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

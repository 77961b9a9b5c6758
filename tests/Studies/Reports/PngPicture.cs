using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace LargeRec.Studies.Tests.Reports;

/// <summary>The pixels of a PNG of 8 bits a channel without interlacing, as a browser writes it (W3C, Portable Network Graphics, 3rd edition).</summary>
internal sealed class PngPicture
{
    private readonly byte[] _pixels;
    private readonly int _channels;

    private PngPicture(int width, int height, int channels, byte[] pixels) => (Width, Height, _channels, _pixels) = (width, height, channels, pixels);

    public int Width { get; }

    public int Height { get; }

    public (byte R, byte G, byte B) this[int x, int y]
    {
        get
        {
            var at = ((y * Width) + x) * _channels;
            return (_pixels[at], _pixels[at + 1], _pixels[at + 2]);
        }
    }

    public static PngPicture Read(string path)
    {
        var file = File.ReadAllBytes(path);
        using var packed = new MemoryStream();
        var (width, height, channels) = (0, 0, 0);
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var data = file.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(file, at + 4, 4))
            {
                case "IHDR":
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                    Assert.That((data[8], data[12]), Is.EqualTo(((byte)8, (byte)0)), "8 bits, not interlaced");
                    channels = data[9] == 6 ? 4 : 3;
                    break;
                case "IDAT":
                    packed.Write(data);
                    break;
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        var pixels = new byte[width * height * channels];
        for (var row = 0; row < height; row++)
        {
            var filter = unpacked.ReadByte();
            unpacked.ReadExactly(pixels, row * width * channels, width * channels);
            Unfilter(pixels, row, width * channels, channels, filter);
        }

        return new PngPicture(width, height, channels, pixels);
    }

    /// <summary>How many pixels have nearly a colour.</summary>
    public int Count(int rgb, int within = 6)
    {
        var (red, green, blue) = (rgb >> 16, (rgb >> 8) & 255, rgb & 255);
        var count = 0;
        for (var i = 0; i < _pixels.Length; i += _channels)
        {
            count += Math.Abs(_pixels[i] - red) <= within && Math.Abs(_pixels[i + 1] - green) <= within && Math.Abs(_pixels[i + 2] - blue) <= within ? 1 : 0;
        }

        return count;
    }

    private static void Unfilter(byte[] pixels, int row, int stride, int channels, int filter)
    {
        for (var i = 0; i < stride; i++)
        {
            var at = (row * stride) + i;
            var left = i >= channels ? pixels[at - channels] : 0;
            var above = row > 0 ? pixels[at - stride] : 0;
            var corner = row > 0 && i >= channels ? pixels[at - stride - channels] : 0;
            pixels[at] += (byte)(filter switch { 1 => left, 2 => above, 3 => (left + above) / 2, 4 => Paeth(left, above, corner), _ => 0 });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }
}

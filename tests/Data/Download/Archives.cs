using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace LargeRec.Data.Tests.Download;

/// <summary>Archives made for a test, good and bad.</summary>
internal static class Archives
{
    public static byte[] Zip(params (string Name, string Text)[] entries) => Zip(entries, _ => 0);

    /// <param name="attributes">An entry's attributes, Unix mode in the upper half.</param>
    public static byte[] Zip((string Name, string Text)[] entries, Func<string, int> attributes)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes(name);
                using var content = entry.Open();
                content.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return packed.ToArray();
    }

    public static byte[] TarGz(params TarEntry[] entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Tar(entries));
        }

        return packed.ToArray();
    }

    public static byte[] Tar(params TarEntry[] entries)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return packed.ToArray();
    }

    public static TarEntry File(string name, string text) => new PaxTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
    };

    public static TarEntry Link(TarEntryType type, string name, string target) => new PaxTarEntry(type, name)
    {
        LinkName = target,
    };

    /// <summary>Bytes that do not compress, the same each time.</summary>
    public static byte[] Noise(int length, ulong seed = 1)
    {
        var bytes = new byte[length];
        var state = seed;
        for (var i = 0; i < length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bytes[i] = (byte)(state >> 56);
        }

        return bytes;
    }
}

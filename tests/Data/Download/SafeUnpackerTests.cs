using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using LargeRec.Data.Download;
using LargeRec.Data.Events;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Tests.Download;

/// <summary>Archives of strangers: what they may do to a folder, and what they may not do outside it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SafeUnpackerTests
{
    private const int UnixLink = unchecked((int)0xA1FF0000);
    private const int UnixDevice = 0x21B60000;
    private const int UnixFile = unchecked((int)0x81A40000);

    private static readonly string[] BadNames =
    [
        "../out.txt", "a/../../out.txt", "a/..", "..", "/etc/out.txt", "\\out.txt", "..\\out.txt", "a\\..\\..\\out.txt", "C:\\out.txt", "c:out.txt",
            "//host/share/out.txt",
        "\\\\host\\share\\out.txt", "a/b:stream", "CON", "a/nul.txt", "com1", "LPT9.csv", "aux.tar.gz", "a/b.", "a/b ", "a\nb", "a\u0001b", "a\u007fb", "what?",
        "a*", "<a>", "a|b", "\"a\"",
    ];

    [TestCaseSource(nameof(BadNames))]
    public void A_name_that_leaves_its_folder_or_is_no_file_everywhere_is_refused_in_a_zip(string name) =>
        AssertRefused(Archives.Zip(("good.txt", "good"), (name, "bad")), "data.zip", "the name of its entry '");

    [TestCaseSource(nameof(BadNames))]
    public void A_name_that_leaves_its_folder_or_is_no_file_everywhere_is_refused_in_a_tar(string name) =>
        AssertRefused(Archives.TarGz(Archives.File("good.txt", "good"), Archives.File(name, "bad")), "data.tar.gz",
            name.Contains('\n', StringComparison.Ordinal) ? "" : "the name of its entry '");

    [Test]
    public void Too_long_a_name_is_refused()
    {
        AssertRefused(Archives.Zip((new string('a', 256), "bad")), "data.zip", "has a part of more than 255 bytes");
        AssertRefused(Archives.Zip((string.Join('/', Enumerable.Repeat("abc", 300)), "bad")), "data.zip", "is longer than 1024 bytes");
    }

    [TestCase(TarEntryType.SymbolicLink, "/etc/passwd")]
    [TestCase(TarEntryType.SymbolicLink, "../..")]
    [TestCase(TarEntryType.SymbolicLink, "good.txt")]
    [TestCase(TarEntryType.HardLink, "good.txt")]
    [TestCase(TarEntryType.HardLink, "/etc/passwd")]
    [TestCase(TarEntryType.Fifo, "")]
    [TestCase(TarEntryType.CharacterDevice, "")]
    [TestCase(TarEntryType.BlockDevice, "")]
    public void Links_and_devices_of_a_tar_are_refused(TarEntryType type, string target)
    {
        var link = type is TarEntryType.SymbolicLink or TarEntryType.HardLink ? Archives.Link(type, "link", target) : new PaxTarEntry(type, "link");
        AssertRefused(Archives.TarGz(Archives.File("good.txt", "good"), link, Archives.File("link/x.txt", "bad")), "data.tar.gz", "is a link or a device");
        AssertRefused(Archives.Tar(Archives.File("good.txt", "good"), link), "data.tar", "is a link or a device");
    }

    [TestCase(UnixLink)]
    [TestCase(UnixDevice)]
    public void Links_and_devices_of_a_zip_are_refused(int attributes) =>
        AssertRefused(Archives.Zip([("good.txt", "good"), ("link", "/etc/passwd")], name => name == "link" ? attributes : UnixFile), "data.zip",
            "is a link or a device");

    [TestCase("a.txt", "a.txt", "is there twice")]
    [TestCase("a.txt", "A.TXT", "is there twice")]
    [TestCase("a.txt", "./a.txt", "is there twice")]
    [TestCase("a", "a/b", "is a file and a folder")]
    [TestCase("a/b", "a", "is there twice")]
    public void Entries_that_would_write_over_others_are_refused(string first, string second, string message)
    {
        AssertRefused(Archives.Zip((first, "1"), (second, "2")), "data.zip", message);
        AssertRefused(Archives.TarGz(Archives.File(first, "1"), Archives.File(second, "2")), "data.tar.gz", message);
    }

    [Test]
    public void Too_many_bytes_for_the_archives_size_are_refused()
    {
        var zeros = new string('\0', 8_000_000);
        AssertRefused(Archives.Zip(("a", zeros)), "data.zip", "it unpacks to more than 100 times its size");
        AssertRefused(Archives.TarGz(Archives.File("a", zeros)), "data.tar.gz", "it unpacks to more than 100 times its size");
        AssertRefused(Archives.TarGz(Archives.File("._a", zeros)), "data.tar.gz", "it unpacks to more than 100 times its size");
    }

    [Test]
    public void A_zip_that_lies_about_its_sizes_is_refused_where_it_is_unpacked()
    {
        var packed = Archives.Zip(("a", new string('\0', 8_000_000)));
        // The uncompressed size in the central directory, whose entry begins with PK 01 02.
        var entry = packed.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(packed.AsSpan(entry + 24), 1000);
        AssertRefused(packed, "data.zip", "");
    }

    [Test]
    public void Too_many_bytes_or_entries_are_refused()
    {
        var limits = new UnpackLimits
        {
            Bytes = 1000,
            Entries = 3,
        };
        AssertRefused(Archives.Zip(("a", new string('a', 600)), ("b", new string('b', 600))), "data.zip", "it unpacks to more than 1.00 kB", limits);
        AssertRefused(Archives.TarGz(Archives.File("a", new string('a', 600)), Archives.File("b", new string('b', 600))), "data.tar.gz",
            "it unpacks to more than 1.00 kB", limits);
        AssertRefused(Archives.Zip(("a", ""), ("b", ""), ("c", ""), ("d", "")), "data.zip", "it has more than 3 entries", limits);
        AssertRefused(Archives.TarGz([.. "abcd".Select(c => Archives.File($"{c}", ""))]), "data.tar.gz", "it has more than 3 entries", limits);
    }

    [Test]
    public void Archives_cut_off_anywhere_are_refused()
    {
        var noise = Convert.ToBase64String(Archives.Noise(3000));
        var zip = Archives.Zip(("a.txt", noise), ("b.txt", noise));
        var tar = Archives.TarGz(Archives.File("a.txt", noise), Archives.File("b.txt", noise));
        for (var length = 600; length < zip.Length; length += 97)
        {
            AssertRefused(zip[..length], "data.zip", "");
        }

        for (var length = 600; length < tar.Length; length += 97)
        {
            AssertRefused(tar[..length], "data.tar.gz", "");
        }

        AssertRefused(tar[..^1], "data.tar.gz", "");
        AssertRefused(zip[..^1], "data.zip", "");
    }

    [Test]
    public void A_damaged_entry_is_refused()
    {
        var text = Encoding.ASCII.GetString([.. Enumerable.Range(0, 2000).Select(i => (byte)('a' + (i * i % 23)))]);
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var content = zip.CreateEntry("a.txt", CompressionLevel.NoCompression).Open();
            content.Write(Encoding.ASCII.GetBytes(text));
        }

        var bytes = packed.ToArray();
        bytes[1000] ^= 1;
        AssertRefused(bytes, "data.zip", "its entry 'a.txt' is damaged");
    }

    [Test]
    public void An_archive_without_files_is_refused()
    {
        AssertRefused(Archives.Zip(), "data.zip", "no file in it");
        AssertRefused(Archives.Zip(("folder/", "")), "data.zip", "no file in it");
    }

    [Test]
    public void Good_entries_are_written_and_clutter_is_not()
    {
        using var work = new TemporaryFolder();
        var archive = work.Write("data.zip", Archives.Zip(
            [("data/", ""), ("./data/a b.csv", "1"), ("data\\deep\\ü.csv", "2"), ("empty.txt", ""), ("__MACOSX/data/._a.csv", "x"), ("data/.DS_Store", "x"),
            ("data/._a b.csv", "x")],
            name => name.EndsWith('/') ? 0 : UnixFile));
        var written = Unpack(work, archive, FileKind.Zip, new UnpackLimits());
        Assert.That(Unpacked(work), Is.EquivalentTo(new[] { "data/a b.csv", "data/deep/ü.csv", "empty.txt" }));
        Assert.That(written, Is.EqualTo(new UnpackedFiles(3, 2)));
        Assert.That(File.ReadAllText(work["out/data/deep/ü.csv"]), Is.EqualTo("2"));
    }

    [Test]
    public void A_tar_is_written_with_its_folders()
    {
        using var work = new TemporaryFolder();
        var archive = work.Write("data.tar.gz", Archives.TarGz(
            new PaxGlobalExtendedAttributesTarEntry([]), new PaxTarEntry(TarEntryType.Directory, "data/"), Archives.File("data/a.csv", "one"),
            Archives.File("data/._a.csv", "clutter")));
        Unpack(work, archive, FileKind.TarGzip, new UnpackLimits());
        Assert.That(Unpacked(work), Is.EqualTo(new[] { "data/a.csv" }));
        Assert.That(File.ReadAllText(work["out/data/a.csv"]), Is.EqualTo("one"));
    }

    [Test]
    public void Whatever_bytes_an_archive_has_it_is_unpacked_inside_or_refused()
    {
        var noise = Convert.ToBase64String(Archives.Noise(300));
        byte[][] whole =
        [
            Archives.Zip(("a.txt", noise), ("b/c.txt", "text")), Archives.Tar(Archives.File("a.txt", noise), Archives.File("b/c.txt", "text")),
            Archives.TarGz(Archives.File("a.txt", noise), Archives.File("b/c.txt", "text")),
        ];
        FileKind[] formats = [FileKind.Zip, FileKind.Tar, FileKind.TarGzip];
        var change = Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte);
        Gen.Select(Gen.Int[0, 2], change.Array[1, 8], Gen.Int[0, 3]).Sample(
            (kind, changes, cut) =>
            {
                using var work = new TemporaryFolder();
                var bytes = whole[kind].ToArray();
                foreach (var (at, value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                var archive = work.Write("data", cut == 0 ? bytes[..(bytes.Length * 3 / 4)] : bytes);
                try
                {
                    Unpack(work, archive, formats[kind], new UnpackLimits());
                }
                catch (Exception exception) when (exception is DataFormatException)
                {
                    // Said in one line, as it should be.
                    Assert.That(exception.Message, Does.Not.Contain('\n'));
                }

                Assert.That(Directory.GetFileSystemEntries(work.FolderPath).Select(Path.GetFileName), Is.EquivalentTo(new[] { "data", "out" }));
            },
            iter: 500,
            threads: 1);
    }

    private static void AssertRefused(byte[] content, string name, string message, UnpackLimits? limits = null)
    {
        using var work = new TemporaryFolder();
        var archive = work.Write(name, content);
        var format = name.EndsWith(".zip", StringComparison.Ordinal) ? FileKind.Zip : name.EndsWith("gz", StringComparison.Ordinal) ? FileKind.TarGzip
            : FileKind.Tar;
        Assert.That(
            () => Unpack(work, archive, format, limits ?? new UnpackLimits()),
            Throws.TypeOf<DataFormatException>().With.Message.Contains(message).And.Message.Not.Contains("\n"));
        Assert.That(Directory.GetFileSystemEntries(work.FolderPath).Select(Path.GetFileName), Is.EquivalentTo(new[] { name, "out" }),
            "something was written outside");
    }

    private static UnpackedFiles Unpack(TemporaryFolder work, string archive, FileKind format, UnpackLimits limits)
    {
        Directory.CreateDirectory(work["out"]);
        return SafeUnpacker.Unpack(archive, format, work["out"], limits, new DownloadFiles(), new ProgressReporter(null, TimeProvider.System),
            CancellationToken.None);
    }

    private static IEnumerable<string> Unpacked(TemporaryFolder work) =>
        Directory.GetFiles(work["out"], "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(work["out"], p).Replace('\\', '/'));
}

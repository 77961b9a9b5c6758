using System.Buffers.Binary;
using System.Text;
using LargeRec.Data.Events;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Tests.Sources;

public sealed class FileSourceTests
{
    private const string Text = "a,b\n1,2\n";

    private static readonly string Long = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i * 7919 % 10007},{i}\n"));

    [TestCase("folder")]
    [TestCase("zip")]
    [TestCase("tar")]
    [TestCase("tar.gz")]
    public void Files_are_found_by_name_at_any_depth_plain_or_gzipped(string kind)
    {
        using var files = new TemporaryFolder();
        var source = Make(files, kind, ("x/deep/a.csv", Packed.Utf8("deep")), ("x/a.csv", Packed.Utf8(Text)), ("x/b.csv.gz", Packed.Gzip(Long)),
            ("x/part_2.csv", Packed.Utf8("2")), ("x/part_1.csv.gz", Packed.Gzip("1")));
        Assert.That(Read(source, "a.csv"), Is.EqualTo(Text), "the outermost of two");
        Assert.That(Read(source, "b.csv"), Is.EqualTo(Long));
        Assert.That(source.FindAll("part_*.csv").Select(file => file.Name), Is.EqualTo(new[] { "part_1.csv.gz", "part_2.csv" }));
        Assert.That(source.Find("c.csv"), Is.Null);
        Assert.That(source.DisplayName(source.Find("a.csv")!), Is.EqualTo(Path.Combine(source.Location, "x/a.csv")));
        Assert.That(() => source.Require("c.csv"), Throws.InstanceOf<DataFormatException>().With.Message.Contains("c.csv: there is no such file"));
    }

    [TestCase("zip")]
    [TestCase("tar")]
    [TestCase("tar.gz")]
    public void An_archive_cut_anywhere_is_an_error_of_one_line(string kind)
    {
        using var files = new TemporaryFolder();
        var whole = Pack(kind, [("x/a.csv", Packed.Utf8(Long)), ("x/b.csv", Packed.Utf8(Long))]);
        foreach (var cut in new[] { whole.Length / 4, whole.Length / 2, whole.Length - 2048, whole.Length - (kind == "tar" ? 1100 : 9) })
        {
            var path = files.Write($"{cut}.{kind}", whole[..cut]);
            Assert.That(() => Read(FileSource.OfArchive(path), "b.csv"), Throws.InstanceOf<DataFormatException>().Or.InstanceOf<InvalidDataException>(),
                $"cut at {cut}");
            Assert.That(() => ReadTable(FileSource.OfArchive(path), "b.csv"), Throws.InstanceOf<DataFormatException>().With.Message.Contains(path)
                .And.Message.Not.Contains("\n"), $"cut at {cut}");
        }
    }

    [Test]
    public void A_damaged_entry_of_a_zip_archive_is_found_by_its_checksum()
    {
        using var files = new TemporaryFolder();
        var whole = Packed.Zip(("a.csv", Packed.Utf8(Long)));
        var faults = 0;
        for (var at = 100; at < whole.Length - 200; at += whole.Length / 50)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            var path = files.Write($"{at}.zip", damaged);
            try
            {
                ReadTable(FileSource.OfArchive(path), "a.csv");
            }
            catch (DataFormatException fault)
            {
                Assert.That(fault.Message, Does.Contain("cut or damaged").And.Not.Contain("\n"));
                faults++;
            }
        }

        Assert.That(faults, Is.GreaterThan(40), "nothing that was changed may be read as if it were right");
    }

    [TestCase(10)]
    [TestCase(1 << 30)]
    public void A_zip_archive_that_lies_about_an_entrys_size_is_refused(int claimed)
    {
        using var files = new TemporaryFolder();
        var bytes = Packed.Zip(("a.csv", Packed.Utf8(Long)));

        // The uncompressed size of the central directory's entry: 24 bytes behind its signature.
        var directory = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(directory + 24), claimed);
        var path = files.Write("liar.zip", bytes);
        Assert.That(() => ReadTable(FileSource.OfArchive(path), "a.csv"), Throws.InstanceOf<DataFormatException>().With.Message.Contains("cut or damaged"));
    }

    [TestCase("folder")]
    [TestCase("zip")]
    [TestCase("tar.gz")]
    public void More_files_than_allowed_are_refused(string kind)
    {
        using var files = new TemporaryFolder();
        (string, byte[])[] entries = [.. Enumerable.Range(0, 5).Select(i => ($"{i}.csv", Packed.Utf8(Text)))];
        Assert.That(
            () => Make(files, kind, new SourceLimits { Files = 4 }, entries),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("holds more than 4 files"));
    }

    [TestCase("zip")]
    [TestCase("tar")]
    public void An_entry_larger_than_allowed_is_refused_before_it_is_read(string kind)
    {
        using var files = new TemporaryFolder();
        Assert.That(
            () => Make(files, kind, new SourceLimits { EntryBytes = 100 }, ("a.csv", Packed.Utf8(Long))),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains($"claims {Long.Length} bytes; at most 100"));
    }

    [Test]
    public void Names_that_lead_out_of_an_archive_open_nothing_outside()
    {
        using var files = new TemporaryFolder();
        files.Write("secret.csv", "outside");
        var source = Make(files, "zip", ("../secret.csv", Packed.Utf8("inside")));
        Assert.That(Read(source, "secret.csv"), Is.EqualTo("inside"));
    }

    [TestCase("folder")]
    [TestCase("zip")]
    [TestCase("tar.gz")]
    public void An_empty_file_is_an_error(string kind)
    {
        using var files = new TemporaryFolder();
        var source = Make(files, kind, ("a.csv", []), ("b.csv", Packed.Utf8("x")));
        Assert.That(() => Read(source, "a.csv"), Throws.InstanceOf<DataFormatException>().With.Message.Contains("a.csv: the file is empty"));
    }

    [Test]
    public void What_is_no_archive_is_named()
    {
        using var files = new TemporaryFolder();
        Assert.That(() => FileSource.OfArchive(files.Write("a.zip", "<html>not found</html>")),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("this is no archive of the kinds"));
    }

    private static FileSource Make(TemporaryFolder files, string kind, params (string Name, byte[] Bytes)[] entries) =>
        Make(files, kind, new SourceLimits(), entries);

    private static FileSource Make(TemporaryFolder files, string kind, SourceLimits limits, params (string Name, byte[] Bytes)[] entries)
    {
        if (kind != "folder")
        {
            return FileSource.OfArchive(files.Write($"archive.{kind}", Pack(kind, entries)), limits);
        }

        foreach (var (name, bytes) in entries)
        {
            files.Write($"folder/{name}", bytes);
        }

        return FileSource.OfFolder(Path.Combine(files.FolderPath, "folder"), limits);
    }

    private static byte[] Pack(string kind, (string Name, byte[] Bytes)[] entries)
        => kind switch { "zip" => Packed.Zip(entries), "tar" => Packed.Tar(entries), _ => Packed.Gzip(Packed.Tar(entries)) };

    private static string Read(FileSource source, string name)
    {
        using var reader = new StreamReader(source.Open(source.Require(name)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void ReadTable(FileSource source, string name)
    {
        using var table = source.OpenTable(source.Require(name), DelimitedFormat.Comma);
        while (table.ReadRow())
        {
        }
    }
}

using System.IO.Compression;
using System.Text;

namespace LargeRec.Cli.Tests;

/// <summary>Files as people have them, given to the command: one line with file, line and reason, exit code 3, and nothing left behind; or what is said where
/// they can be used.</summary>
public sealed class BadInputTests
{
    private const string Header = "user,item,timestamp,rating\n";
    private const string Good = "ann,tea,1700000000,4\n";
    private const int Data = 3;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Unusable()
    {
        yield return Case("a malformed row", Header + Good + "ben,tea\n", ", line 3: the row has 2 fields where 4 are expected; mend or remove the row");
        yield return Case("a row cut short at the end", Header + Good + "ben,tea,1700", ", line 3: the row has 3 fields where 4 are expected");
        yield return Case("a quote that never closes", Header + "ann,\"tea,1700000000,4\n" + Good,
            ", line 2: a quote opens here and never closes; close it or remove the row");
        yield return Case("an empty id", Header + Good + ",tea,1700000001,4\n", ", line 3: the user is empty");
        yield return Case("empty", "", ": the file is empty");
        yield return Case("a header alone", Header, ": there is a header and no event");
        yield return Case("one column", "user\nann\n", ", line 1: the header has one column (user); a log needs at least a user and an item column");
        yield return Case("no header that is known", "person,thing\nann,tea\n",
            ", line 1: no user column is recognised among person, thing; say which is which with --columns user=NAME");
        yield return Case("a time of a wrong type", Header + Good + "ben,tea,soon,4\n", ", line 3: time 'soon' is not a number");
        yield return Case("a time out of range", Header + Good + "ben,tea,99999999999999999999,4\n",
            ", line 3: time '99999999999999999999' is not in seconds or milliseconds");
        yield return Case("an ISO time out of range", "user,item,time\nann,tea,7024-05-01\n", ", line 2: time '7024-05-01' is not before the year 5138");
        yield return Case("a rating that is NaN", Header + Good + "ben,tea,1700000001,NaN\n", ", line 3: rating 'NaN' is not a finite number");
        yield return Case("mixed encodings", [.. Utf8(Header + "z\u00f6e,tea,1700000000,4\n"), .. Encoding.Latin1.GetBytes("z\u00f6e,tea,1700000001,4\n")],
            ", line 3: user 'z\ufffde' is not valid UTF-8; save the file as UTF-8");
        yield return Case("UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Header + Good)], ": the file is UTF-16 text; save it as UTF-8");
        yield return Case("ten megabytes in one line", Header + Good + new string('x', 10 << 20) + "\n",
            ", line 3: the row is longer than 1048576 bytes; check that the file is text with one row a line");
        yield return Case("gzip cut in the middle", Gzip(Many())[..5_000], ": the compressed data are cut or damaged");
        yield return Case("Parquet cut", [.. "PAR1"u8, .. new byte[40]], ": the Parquet file is cut or damaged; fetch or write it again");
        yield return Case("zip cut", Zip(Many())[..5_000], ": ");
    }

    [TestCaseSource(nameof(Unusable))]
    public void What_cannot_be_used_is_one_line_and_leaves_nothing(byte[] content, string message)
    {
        File.WriteAllBytes(_folder["events.csv"], content);
        var result = Run("train", "--data", "events.csv", "--cache-dir", "cache");
        result.AssertFailure(Data, "");
        Assert.That(result.ErrorLines[^1], Does.StartWith($"largerec: events.csv{(message.Contains("compressed", StringComparison.Ordinal) ? "" : message)}"));
        Assert.That(result.ErrorLines[^1], Does.Contain(message.TrimStart(':', ' ')).And.Length.LessThan(300));
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "events.csv" }), "no run folder, no cache");
    }

    [Test]
    public void Bad_rows_of_every_kind_are_skipped_and_counted_where_that_is_asked_for()
    {
        byte[] content =
        [
            .. Utf8(Header), .. Utf8(Good), .. Utf8("ben,tea\n,tea,1700000001,4\nben,tea,soon,4\nben,tea,99999999999999999999,4\nben,tea,1700000001,NaN\n"),
            .. Encoding.Latin1.GetBytes("z\u00f6e,tea,1700000001,4\n"), .. Utf8(new string('x', 2 << 20) + "\n\"ben,tea,1700000001,4\n"), .. Utf8(Good + Good),
        ];
        File.WriteAllBytes(_folder["events.csv"], content);
        var result = Run("data", "inspect", "events.csv", "--skip-bad-rows", "--no-cache");
        result.AssertSuccess();
        Assert.That(result.OutputLines, Has.Some.Matches("^events +3"));
        Assert.That(result.ErrorLines.Single(line => line.Contains("skipped", StringComparison.Ordinal)),
            Does.StartWith("8 of 11 rows of events.csv were skipped: "));
        Assert.That(result.Error, Does.Contain("2 of 3 events are exact duplicates of others (the same in every column); they are kept"));
        Assert.That(_folder.Entries, Is.EqualTo(new[] { "events.csv" }));
    }

    private CliResult Run(params string[] arguments) => CliProcess.Run(_folder.FolderPath, arguments);

    private static TestCaseData Case(string name, string content, string message) => Case(name, Utf8(content), message);

    private static TestCaseData Case(string name, byte[] content, string message) => new TestCaseData(content, message).SetArgDisplayNames(name);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Many() =>
        Utf8(Header + string.Concat(Enumerable.Range(0, 5000).Select(i => $"u{i % 97},i{i * 7919 % 1009},{1_700_000_000 + (i * 31)},4\n")));

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("events.csv").Open())
        {
            entry.Write(bytes);
        }

        return packed.ToArray();
    }
}

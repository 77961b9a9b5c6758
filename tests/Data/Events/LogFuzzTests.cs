using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;
using LargeRec.Data.Tests.Synthetic;
using LargeRec.Fuzzing;

namespace LargeRec.Data.Tests.Events;

/// <summary>Damaged logs: text, packed text, and the two formats that libraries read.</summary>
public sealed class LogFuzzTests
{
    private const string Name = "log.csv";

    private static readonly string[] Words =
    [
        ",", "\t", ";", "|", "::", "\"", "\"\"", "\n", "\r", "\r\n", "\0", "\u0085", "\u2028", "\ufeff", "NaN", "-", "2024-02-30T25:61:61Z",
            "2024-01-02 03:04:05.678",
        "9999-12-31", "1700000000", "1700000000000", "user", "item", "timestamp", "rating", "title", "\ud83d\ude00",
    ];

    private static readonly ReadingOptions Skipping = new() { SkipBadRows = true };

    [Test]
    public void A_damaged_text_is_read_or_refused_with_one_line_and_nothing_else()
        => new Fuzzer<DataFormatException>(Name, new Mutator(Texts(), Words).Make).Run(bytes =>
        {
            EventLog? lenient = null;
            try
            {
                lenient = Read(bytes, new DelimitedLogOptions(), Skipping);
            }
            catch (DataFormatException)
            {
                // Refused whole; then it is refused without leaving rows out too.
            }

            if (lenient is not null)
            {
                AssertConsistent(lenient);
            }

            var log = Read(bytes, new DelimitedLogOptions(), new ReadingOptions());
            FuzzFault.Unless(lenient is not null && Written(lenient).AsSpan().SequenceEqual(Written(log)),
                "a sound text is read as something else where bad rows are skipped");
        });

    [Test]
    public void A_damaged_text_whose_columns_go_by_number_is_read_or_refused_with_one_line_and_nothing_else()
        => new Fuzzer<DataFormatException>(Name, new Mutator(Texts(), Words).Make).Run(bytes =>
            AssertConsistent(Read(bytes, new DelimitedLogOptions { Columns = new ColumnMapping { User = "1", Item = "2", Time = "3" } }, Skipping)));

    [Test]
    public void A_damaged_gzip_file_is_read_or_refused_with_one_line_and_nothing_else()
    {
        using var files = new TemporaryFolder();
        var packed = Texts().ConvertAll(Packed.Gzip);

        // The row of a megabyte that is refused was unpacked first.
        new Fuzzer<DataFormatException>("log.csv.gz", new Mutator(packed, []).Make) { MemoryBesides = 64 << 20 }.Run(bytes =>
            AssertConsistent(LogFile.Read(files.Write("log.csv.gz", bytes))));
    }

    [Test]
    public void A_damaged_Excel_workbook_is_read_or_refused_with_one_line_and_nothing_else()
    {
        using var files = new TemporaryFolder();
        object?[][] rows = [["user", "item", "time"], ["ann", 7, new DateTime(2024, 1, 2)], ["bob", "x&amp;y", 1_700_000_000], [null, 3, null]];
        new Fuzzer<DataFormatException>("log.xlsx", new Mutator([Workbook.Of(("log", rows)), Workbook.Of(("a", rows), ("b", []))], ["<", "PK"]).Make)
        { MemoryBesides = 64 << 20 }.Run(bytes =>
        AssertConsistent(LogFile.Read(files.Write("log.xlsx", bytes), null, Skipping)));
    }

    [Test]
    public async Task A_damaged_Parquet_file_is_read_or_refused_with_one_line_and_nothing_else()
    {
        using var files = new TemporaryFolder();
        await LogFileTests.WriteParquet(files["log.parquet"], groups: 2);
        var sound = await File.ReadAllBytesAsync(files["log.parquet"]);

        // Before it reads, the library takes the memory for a length that the file claims, which may be 2 GiB; it is gone again with the refusal.
        new Fuzzer<DataFormatException>("log.parquet", new Mutator([sound], ["PAR1"]).Make) { MemoryBesides = 5L << 30 }.Run(bytes =>
            AssertConsistent(LogFile.Read(files.Write("log.parquet", bytes), null, Skipping)));
    }

    private static void AssertConsistent(EventLog log)
    {
        FuzzFault.Unless(log.Notes.All(note => !note.Any(char.IsControl)), "a note is more than one line");
        FuzzFault.Unless(log.Count > 0 && log.Items.Length == log.Count && log.Users.Length == log.Count, "columns differ in length");
        var written = Written(log);
        var again = FuzzFault.Unless(
            () => Read(written, new DelimitedLogOptions { TimeUnit = TimeUnit.Milliseconds }, new ReadingOptions()),
            "what was read and written again is refused");
        FuzzFault.Unless(Written(again).AsSpan().SequenceEqual(written), "what was read and written again is read as something else");
    }

    private static EventLog Read(byte[] bytes, DelimitedLogOptions options, ReadingOptions reading)
        => DelimitedLogReader.Read(() => new MemoryStream(bytes), Name, options, reading, bytes.Length);

    private static byte[] Written(EventLog log)
    {
        using var stream = new MemoryStream();
        EventLogWriter.WriteCsv(log, stream);
        return stream.ToArray();
    }

    private static List<byte[]> Texts() =>
    [
        Written(InteractionGenerator.Generate(new GeneratorOptions { Users = 4, Items = 20, MaxEvents = 6 }, seed => new SplitMix(seed))),
        Packed.Utf8("user,item,time,rating,behaviour,title\nann,\"x, \"\"1\"\"\",1700000000,4.5,view,\"Tea\nfor two\"\nb\u00f6b,y,1700000001,3,cart,\n"),
        Packed.Utf8("userId\tmovieId\ttimestamp\r\n1\t2\t2024-01-02T03:04:05Z\r\n1\t3\t2024-01-02T03:04:06Z\r\n"),
        Packed.Utf8("1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n"),
        Packed.Utf8("user;item\na;b\nc;d\n"),
    ];
}

using LargeRec.Data.Events;
using Parquet;
using Parquet.Schema;

namespace LargeRec.Data.Tests.Events;

public sealed class LogFileTests
{
    private const string Csv = "userId,movieId,timestamp\nann,x,1700000000\nbob,y,1700000001\n";

    [TestCase("log.zip")]
    [TestCase("log.tar.gz")]
    [TestCase("log.bin")]
    public void The_one_table_of_an_archive_is_read(string name)
    {
        using var files = new TemporaryFolder();
        (string, byte[])[] entries = [("folder/README.txt", Packed.Utf8("read me")), ("folder/log.csv", Packed.Utf8(Csv))];
        var log = LogFile.Read(files.Write(name, name == "log.zip" ? Packed.Zip(entries) : Packed.Gzip(Packed.Tar(entries))));
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void An_archive_of_several_tables_is_refused_and_they_are_named()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("log.zip", Packed.Zip(("a.csv", Packed.Utf8(Csv)), ("b.tsv.gz", Packed.Gzip(Csv))));
        Assert.That(() => LogFile.Read(path), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("2 tables (a.csv, b.tsv.gz) where one is expected"));
        var empty = files.Write("empty.zip", Packed.Zip());
        Assert.That(() => LogFile.Read(empty), Throws.InstanceOf<DataFormatException>().With.Message.Contains("no table where one is expected"));
    }

    [Test]
    public void The_first_sheet_of_a_workbook_is_read()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("log.xlsx", Workbook.Of(("Events", [["Customer ID", "StockCode", "InvoiceDate", "Rating"],
            [12346, "x", new DateTime(2024, 1, 2, 3, 4, 5), 4.5], [12346, 85123, new DateTime(2024, 1, 3), 3]])));
        var log = LogFile.Read(path);
        Assert.That(log.UserIds.GetText(0), Is.EqualTo("12346"));
        Assert.That(log.Catalogue.GetId(2), Is.EqualTo("85123"));
        Assert.That(log.Times[0], Is.EqualTo(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero).ToUnixTimeMilliseconds()));
        Assert.That(log.Ratings.ToArray(), Is.EqualTo(new[] { 4.5f, 3 }));
    }

    [Test]
    public async Task Parquet_is_read_by_row_groups_with_missing_values_as_empty_text()
    {
        using var files = new TemporaryFolder();
        var path = Path.Combine(files.FolderPath, "log.parquet");
        await WriteParquet(path, groups: 3);
        var log = LogFile.Read(path);
        Assert.That(log.Count, Is.EqualTo(6));
        Assert.That(log.UserIds.GetText(1), Is.EqualTo("9000000000"));
        Assert.That(log.Catalogue.GetId(2), Is.EqualTo("y"));
        Assert.That(log.Times[0], Is.EqualTo(new DateTimeOffset(2024, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).ToUnixTimeMilliseconds()));
        Assert.That(log.Ratings.ToArray(), Is.EqualTo(new[] { 4.5f, 3, 4.5f, 3, 4.5f, 3 }));
        Assert.That(log.Notes, Has.Some.EqualTo("columns: user = user_id, item = item_id, time = timestamp, rating = rating; unused: note"));
    }

    [Test]
    public async Task A_bad_row_of_Parquet_is_named_by_its_number_or_skipped()
    {
        using var files = new TemporaryFolder();
        var path = Path.Combine(files.FolderPath, "log.parquet");
        await WriteParquet(path, groups: 2);
        var options = new DelimitedLogOptions { Columns = new ColumnMapping { Rating = "note" } };
        Assert.That(() => LogFile.Read(path, options), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("log.parquet, row 2: rating '' is not a finite number"));
        var log = LogFile.Read(path, options, new ReadingOptions { SkipBadRows = true });
        Assert.That(log.Notes, Has.Some.EqualTo("2 of 4 rows of log.parquet were skipped: the rating is not a finite number (2, first in row 2)"));
    }

    [Test]
    public async Task A_damaged_Parquet_file_is_one_line()
    {
        using var files = new TemporaryFolder();
        var path = Path.Combine(files.FolderPath, "log.parquet");
        await WriteParquet(path, groups: 1);
        var whole = await File.ReadAllBytesAsync(path);
        for (var cut = 4; cut < whole.Length; cut += 7)
        {
            var shorter = files.Write("cut.parquet", whole[..cut]);
            Assert.That(() => LogFile.Read(shorter), Throws.InstanceOf<DataFormatException>().With.Message.Not.Contains("\n"), $"cut at {cut}");
        }

        for (var at = 4; at < whole.Length; at += 3)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x55;
            var path2 = files.Write("damaged.parquet", damaged);
            Assert.That(() => Try(path2), Throws.Nothing, $"changed at {at}");
        }
    }

    private static void Try(string path)
    {
        try
        {
            LogFile.Read(path);
        }
        catch (DataFormatException)
        {
            // The one error that a file may end in.
        }
    }

    internal static async Task WriteParquet(string path, int groups)
    {
        var (user, item) = (new DataField<long>("user_id"), new DataField<string>("item_id"));
        var (time, rating) = (new DateTimeDataField("timestamp", DateTimeFormat.Timestamp, unit: DateTimeTimeUnit.Millis), new DataField<double>("rating"));
        var note = new DataField<int?>("note");
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(user, item, time, rating, note), stream);
        for (var group = 0; group < groups; group++)
        {
            using var rows = writer.CreateRowGroup();
            await rows.WriteAsync(user, (ReadOnlyMemory<long>)new[] { 1L, 9_000_000_000 });
            await rows.WriteAsync(item, ["x", "y"]);
            await rows.WriteAsync(time, (ReadOnlyMemory<DateTime>)new[] { new DateTime(2024, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc),
                new DateTime(2024, 1, 3, 0, 0, 0, DateTimeKind.Utc) });
            await rows.WriteAsync(rating, (ReadOnlyMemory<double>)new[] { 4.5, 3 });
            await rows.WriteAsync(note, (ReadOnlyMemory<int?>)new int?[] { 7, null });
        }
    }
}

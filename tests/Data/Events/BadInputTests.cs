using System.Text;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

/// <summary>Files as people have them: each fault an error of one line, or, where it is a row's, skipped and counted.</summary>
public sealed class BadInputTests
{
    private const string Header = "user,item,time,rating\n";
    private const string Good = "a,x,1700000000,4\n";

    [TestCase("b\n", "a wrong number of fields")]
    [TestCase("b,y,1700000001,4,5\n", "a wrong number of fields")]
    [TestCase(",y,1700000001,4\n", "the user is empty")]
    [TestCase("b,,1700000001,4\n", "the item is empty")]
    [TestCase("b,y,soon,4\n", "the time is not a number")]
    [TestCase("b,y,1700000000000000000,4\n", "the time is not in seconds or milliseconds")]
    [TestCase("b,y,99999999999999999999999,4\n", "the time is not in seconds or milliseconds")]
    [TestCase("b,y,1700000001,NaN\n", "the rating is not a finite number")]
    [TestCase("b,y,1700000001,inf\n", "the rating is not a finite number")]
    [TestCase("b,y,1700000001,good\n", "the rating is not a finite number")]
    [TestCase("\"b\"c,y,1700000001,4\n", "text after a closing quote")]
    public void A_bad_row_is_an_error_or_is_skipped_and_counted(string row, string kind)
    {
        using var files = new TemporaryFolder();
        var path = files.Write("log.csv", Header + Good + row + row + Good);
        var fault = Assert.Throws<DataFormatException>(() => DelimitedLogReader.Read(path));
        Assert.That(fault!.Line, Is.EqualTo(3));
        Assert.That(fault.Kind, Is.EqualTo(kind));
        Assert.That(fault.Message, Does.StartWith($"{path}, line 3: ").And.Not.Contain("\n"));

        var log = DelimitedLogReader.Read(path, null, Skipping);
        Assert.That(log.Count, Is.EqualTo(2));
        Assert.That(log.UserIds.Count, Is.EqualTo(1), "a bad row leaves no id behind");
        Assert.That(log.Catalogue.Candidates.Length, Is.EqualTo(1));
        Assert.That(log.Notes, Has.Some.EqualTo($"2 of 4 rows of log.csv were skipped: {kind} (2, first in line 3)"));
    }

    [Test]
    public void Reasons_are_counted_apart_the_commonest_first()
    {
        var log = Read(Header + "b\n" + Good + "b,y,1700000001,NaN\nb,y,1700000001,x\n");
        Assert.That(log.Notes, Has.Some.EqualTo("3 of 4 rows of log.csv were skipped: the rating is not a finite number (2, first in line 4), a wrong number "
            + "of fields (1, in line 2)"));
    }

    [Test]
    public void A_bad_time_does_not_decide_the_unit()
    {
        var log = Read(Header + "b,y,170000000000000000,4\n" + Good);
        Assert.That(log.Times.ToArray(), Is.EqualTo(new[] { 1700000000000 }));
    }

    [Test]
    public void A_quote_that_never_closes_costs_its_own_line_not_the_rest_of_the_file()
    {
        var rest = string.Concat(Enumerable.Range(0, 200).Select(i => $"u{i},x,1700000000,4\n"));
        var log = Read(Header + "\"b,y,1700000001,4\n" + rest);
        Assert.That(log.Count, Is.EqualTo(200));
        Assert.That(log.Notes, Has.Some.EqualTo("1 of 201 rows of log.csv were skipped: a quote opens here and never closes (1, in line 2)"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Ten_megabytes_in_one_line_are_refused_or_passed_over(bool quoted)
    {
        var line = (quoted ? "\"" : "") + new string('x', 10 << 20) + "\n";
        using var files = new TemporaryFolder();
        var path = files.Write("log.csv", Header + Good + line + "c,z,1700000003,2\n");
        Assert.That(() => DelimitedLogReader.Read(path), Throws.InstanceOf<DataFormatException>().With.Message.StartsWith($"{path}, line 3: the row ")
            .And.Message.Contains("longer than 1048576 bytes"));
        var log = DelimitedLogReader.Read(path, null, Skipping);
        Assert.That(log.Count, Is.EqualTo(2));
        Assert.That(log.Notes, Has.Some.Contain("1 of 3 rows of log.csv were skipped").And.Some.Contain("in line 3"));
    }

    [Test]
    public void Ten_megabytes_of_header_are_refused()
        => Assert.That(() => Read(new string('x', 10 << 20)), Throws.InstanceOf<DataFormatException>().With.Property("Line").EqualTo(1));

    [Test]
    public void Rows_that_are_all_bad_are_an_error_even_when_skipped()
        => Assert.That(() => Read(Header + "b\nc\n"), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("no row can be used: a wrong number of fields (2, first in line 2)"));

    [Test]
    public void Ids_that_are_not_UTF_8_are_refused_or_skipped()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("log.csv", [.. Packed.Utf8(Header + Good), .. Encoding.Latin1.GetBytes("ren\u00e9,x,1700000000,4\n"),
            .. Packed.Utf8("ren\u00e9,x,1700000000,4\n")]);
        Assert.That(() => DelimitedLogReader.Read(path), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("line 3: user 'ren\ufffd' is not valid UTF-8; save the file as UTF-8"));
        var log = DelimitedLogReader.Read(path, null, Skipping);
        Assert.That(log.UserIds.GetText(1), Is.EqualTo("ren\u00e9"));
        Assert.That(log.Notes, Has.Some.Contain("the user is not valid UTF-8 (1, in line 3)"));
    }

    [Test]
    public void A_file_of_UTF_16_is_named()
    {
        using var files = new TemporaryFolder();
        var path = files.Write("log.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Header + Good)]);
        Assert.That(() => DelimitedLogReader.Read(path), Throws.InstanceOf<DataFormatException>()
            .With.Message.EqualTo($"{path}: the file is UTF-16 text; save it as UTF-8"));
    }

    [Test]
    public void A_gzip_file_cut_in_the_middle_is_an_error_even_when_bad_rows_are_skipped()
    {
        using var files = new TemporaryFolder();
        var packed = Packed.Gzip(Header + string.Concat(Enumerable.Range(0, 5000).Select(i => $"u{i % 97},i{i * 7919 % 1009},{1700000000 + i},4\n")));
        var path = files.Write("log.csv.gz", packed[..(packed.Length / 2)]);
        Assert.That(() => DelimitedLogReader.Read(path, null, Skipping), Throws.InstanceOf<DataFormatException>().With.Message.Contains("cut or damaged"));
    }

    [Test]
    public void A_truncated_last_row_is_a_bad_row()
    {
        Assert.That(() => DelimitedLogReader.Read(Write(Header + Good + "b,y,17000")), Throws.InstanceOf<DataFormatException>().With.Property("Line")
            .EqualTo(3));
        Assert.That(Read(Header + Good + "b,y,17000").Count, Is.EqualTo(1));
    }

    [Test]
    public void Exact_duplicates_are_kept_and_said()
    {
        var log = Read(Header + Good + Good + "a,x,1700000000,5\na,x,1700000001,4\n" + Good);
        Assert.That(log.Count, Is.EqualTo(5));
        Assert.That(log.Notes, Has.Some.EqualTo("2 of 5 events are exact duplicates of others (the same in every column); they are kept"));
        Assert.That(Read(Header + Good).Notes, Has.None.Contain("duplicates"));
        Assert.That(Read("user,item\na,x\na,x\n").Notes, Has.None.Contain("duplicates"), "without times a repeat is no duplicate");
    }

    [Test]
    public void Times_of_two_units_in_one_column_are_an_error_that_names_a_line()
    {
        var path = Write("user,item,time\na,x,1700000000\na,y,1700000001\na,z,1700000002000\n");
        Assert.That(() => DelimitedLogReader.Read(path), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("line 4: this time looks like milliseconds where others look like seconds; mend it, or state the unit with --time-unit"));
        Assert.That(DelimitedLogReader.Read(path, new DelimitedLogOptions { TimeUnit = TimeUnit.Seconds }).Count, Is.EqualTo(3));
    }

    [Test]
    public void Cancelling_ends_the_reading()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(() => DelimitedLogReader.Read(Write(Header + Good), null, new ReadingOptions { Cancellation = cancelled.Token }),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Progress_ends_with_the_number_of_rows()
    {
        var seen = new Seen();
        DelimitedLogReader.Read(Write(Header + Good + Good), null, new ReadingOptions { Progress = seen });
        Assert.That(seen.Last, Is.EqualTo(2));
    }

    private static ReadingOptions Skipping => new() { SkipBadRows = true };

    private readonly TemporaryFolder _files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => _files.Dispose();

    private string Write(string text) => _files.Write("log.csv", text);

    private EventLog Read(string text) => DelimitedLogReader.Read(Write(text), null, Skipping);

    private sealed class Seen : IProgress<long>
    {
        public long Last { get; private set; }

        public void Report(long value) => Last = value;
    }
}

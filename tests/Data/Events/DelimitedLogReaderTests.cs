using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class DelimitedLogReaderTests
{
    private const string Plain = "userId,movieId,Timestamp,rating\nann,x,1700000000,4.5\nbob,y,1700000001,3\nann,y,1700000002,5\n";

    [Test]
    public void Recognises_usual_headers_and_says_so()
    {
        var log = Read(Plain);
        Assert.That(log.Users.ToArray(), Is.EqualTo(new[] { 0, 1, 0 }));
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 1, 2, 2 }));
        Assert.That(log.Times.ToArray(), Is.EqualTo(new[] { 1700000000000, 1700000001000, 1700000002000 }));
        Assert.That(log.Ratings.ToArray(), Is.EqualTo(new[] { 4.5f, 3, 5 }));
        Assert.That(log.HasBehaviours, Is.False);
        Assert.That(log.UserIds.GetText(1), Is.EqualTo("bob"));
        Assert.That(log.Catalogue.GetId(2), Is.EqualTo("y"));
        Assert.That(log.Notes, Has.Some.EqualTo("columns: user = userId, item = movieId, time = Timestamp, rating = rating"));
        Assert.That(log.Notes, Has.Some.StartsWith("times are seconds (guessed from their size, up to 1700000002"));
    }

    [TestCase("\t")]
    [TestCase(";")]
    public void Detects_the_separator(string separator)
        => Assert.That(Read(Plain.Replace(",", separator, StringComparison.Ordinal)).Items.ToArray(), Is.EqualTo(new[] { 1, 2, 2 }));

    [Test]
    public void Reads_gzip_whatever_the_name()
    {
        using var files = new TemporaryFolder();
        Assert.That(DelimitedLogReader.Read(files.Write("log.csv", Packed.Gzip(Plain))).Count, Is.EqualTo(3));
    }

    [Test]
    public void Takes_a_mapping_and_names_what_it_leaves_unused()
    {
        var mapping = new ColumnMapping { User = "who", Item = "WHAT", Behaviour = "how", Title = "label" };
        var log = Read("x,who,what,how,label\n0,a,b,view,\"The \"\"B\"\"\"\n0,a,b,buy,other\n", new DelimitedLogOptions { Columns = mapping });
        Assert.That(log.BehaviourNames, Is.EqualTo(new[] { "view", "buy" }));
        Assert.That(log.Behaviours.ToArray(), Is.EqualTo(new byte[] { 0, 1 }));
        Assert.That(log.Catalogue.GetTitle(1), Is.EqualTo("The \"B\""));
        Assert.That(log.Notes, Has.Some.EqualTo("columns: user = who, item = what, behaviour = how, title = label; unused: x"));
    }

    [TestCase("7,x,1700000000,4\n8,y,1700000001,5\n", 2, "columns by number (the first line is an event): user = 1, item = 2, time = 3; unused: 4")]
    [TestCase("7::x::1700000000::4\n8::y::1700000001::5\n", 2, "columns by number (the first line is an event): user = 1, item = 2, time = 3; unused: 4")]
    [TestCase("u,i,when,r\n8,y,1700000001,5\n", 1, "columns by number (the first line is taken for a header): user = 1, item = 2, time = 3; unused: 4")]
    public void Columns_may_be_given_by_number_where_there_is_no_header(string text, int events, string note)
    {
        var log = Read(text, new DelimitedLogOptions { Columns = new ColumnMapping { User = "1", Item = "2", Time = "3" } });
        Assert.That(log.Count, Is.EqualTo(events));
        Assert.That(log.UserIds.GetText(events - 1), Is.EqualTo("8"));
        Assert.That(log.Notes, Has.Some.EqualTo(note));
    }

    [TestCase("user,item\na,x\n", 1)]
    [TestCase("a,x\nb,y\n", 2)]
    public void Without_times_by_number_usual_names_tell_a_header(string text, int events)
        => Assert.That(Read(text, new DelimitedLogOptions { Columns = new ColumnMapping { User = "1", Item = "2" } }).Count, Is.EqualTo(events));

    [TestCase("1,2,3\n1,2,4\n", 2)]
    [TestCase("0,1,2\n1,2,4\n", 1)]
    public void Numbers_in_the_first_line_are_an_event_but_for_what_data_frames_write(string text, int events)
        => Assert.That(Read(text, new DelimitedLogOptions { Columns = new ColumnMapping { User = "1", Item = "2", Time = "3" } }).Count, Is.EqualTo(events));

    [Test]
    public void A_number_beyond_the_columns_is_named()
        => Assert.That(
            () => Read("a,x,1\n", new DelimitedLogOptions { Columns = new ColumnMapping { User = "1", Item = "2", Time = "4" } }),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("there is no column 4 for the time; the first line has 3 columns"));

    [TestCase("user_id:token,item_id:token,timestamp:float")]
    [TestCase("uid,asin,DateTime")]
    [TestCase("visitor-id,product_id,Event Time")]
    [TestCase("Customer ID,StockCode,InvoiceDate")]
    public void Headers_of_the_field_are_recognised(string header)
        => Assert.That(Read(header + "\na,x,1700000000\n").Times[0], Is.EqualTo(1700000000000));

    [Test]
    public void Without_a_time_column_the_log_has_no_times_and_says_so()
    {
        var log = Read("user,item,order\na,x,0\na,y,1\n");
        Assert.That(log.HasTimes, Is.False);
        Assert.That(log.Times.Length, Is.Zero);
        Assert.That(log.Notes, Has.Some.StartsWith("no time column: events are taken in the order of the file"));
    }

    [TestCase("0", null, 0L)]
    [TestCase("-1", null, -1000L)]
    [TestCase("1700000000.25", null, 1700000000250L)]
    [TestCase("1.7e9", null, 1700000000000L)]
    [TestCase("1700000000123", null, 1700000000123L)]
    [TestCase("1700000000123.9", null, 1700000000123L)]
    [TestCase("1000", TimeUnit.Milliseconds, 1000L)]
    [TestCase("-1500.5", TimeUnit.Milliseconds, -1501L)]
    [TestCase("1700000000000", TimeUnit.Seconds, 1700000000000000L)]
    [TestCase("1970-01-01 00:00:01", null, 1000L)]
    public void Times_become_milliseconds(string text, TimeUnit? unit, long expected)
        => Assert.That(Read($"user,item,time\na,x,{text}\n", new DelimitedLogOptions { TimeUnit = unit }).Times[0], Is.EqualTo(expected));

    [Test]
    public void Headers_with_line_breaks_break_no_note()
        => Assert.That(Read("user,item,\"two\nlines\"\na,x,1\n").Notes, Has.Some.EqualTo("columns: user = user, item = item; unused: two lines"));

    [Test]
    public void The_largest_time_decides_the_unit_not_the_first()
        => Assert.That(Read("user,item,time\na,x,0\na,y,1700000000123\n").Times.ToArray(), Is.EqualTo(new[] { 0, 1700000000123 }));

    [Test]
    public void Ids_are_opaque_text_and_may_be_beyond_32_bits()
    {
        var log = Read("user,item\n18446744073709551616,007\n18446744073709551616,7\n");
        Assert.That(log.Catalogue.Candidates.Length, Is.EqualTo(2));
        Assert.That(log.UserIds.GetText(0), Is.EqualTo("18446744073709551616"));
    }

    [TestCase("", 0, "the file is empty")]
    [TestCase("user,item\n", 0, "there is a header and no event")]
    [TestCase("user\na\n", 1, "the header has one column (user)")]
    [TestCase("person,item\na,x\n", 1, "no user column is recognised among person, item")]
    [TestCase("user,thing\na,x\n", 1, "no item column is recognised")]
    [TestCase("1,2\n3,4\n", 1, "no user column is recognised")]
    [TestCase("user,item\na,x\nb\n", 3, "the row has 1 fields where 2 are expected")]
    [TestCase("user,item\na,x,y\n", 2, "the row has 3 fields where 2 are expected")]
    [TestCase("user,item\n,x\n", 2, "the user is empty")]
    [TestCase("user,item\na,\n", 2, "the item is empty")]
    [TestCase("user,item,rating\na,x,NaN\n", 2, "rating 'NaN' is not a finite number")]
    [TestCase("user,item,rating\na,x,\n", 2, "rating '' is not a finite number")]
    [TestCase("user,item,time\na,x,1\na,x,soon\n", 3, "time 'soon' is not a number")]
    [TestCase("user,item,time\na,x,soon\n", 2, "time 'soon' is not a number of seconds or milliseconds, nor an ISO 8601 time")]
    [TestCase("user,item,time\na,x,2024-01-01\na,x,5\n", 3, "time '5' is not an ISO 8601 time")]
    [TestCase("user,item,time\na,x,1700000000000000\n", 2, "time '1700000000000000' is not in seconds or milliseconds")]
    [TestCase("user,item,time\na,x,5138-11-16T09:46:40Z\n", 2, "time '5138-11-16T09:46:40Z' is not before the year 5138")]
    [TestCase("user,item\n\"a\"\u001b[2J,x\n", 2, "a closing quote is followed by ' '")]
    [TestCase("user,item,time\na,x,99999999999999999999999\n", 2, "time '99999999999999999999999' is not")]
    public void Bad_input_is_one_line_with_file_line_and_reason(string text, int line, string reason)
    {
        using var files = new TemporaryFolder();
        var path = files.Write("log.csv", text);
        var fault = Assert.Throws<DataFormatException>(() => DelimitedLogReader.Read(path));
        Assert.That(fault!.File, Is.EqualTo(path));
        Assert.That(fault.Line, Is.EqualTo(line));
        Assert.That(fault.Reason, Does.StartWith(reason));
        Assert.That(fault.Message, Does.Not.Contain("\n").And.EndsWith($"; {fault.Remedy}"));
    }

    [Test]
    public void A_mapped_column_that_is_not_there_names_the_nearest()
        => Assert.That(
            () => Read("usr,item\na,x\n", new DelimitedLogOptions { Columns = new ColumnMapping { User = "user" } }),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("no column 'user' for the user; the nearest is 'usr'"));

    [Test]
    public void More_behaviours_than_a_byte_holds_are_refused()
    {
        var text = "user,item,behaviour\n" + string.Concat(Enumerable.Range(0, 257).Select(i => $"a,x,b{i}\n"));
        Assert.That(() => Read(text), Throws.InstanceOf<DataFormatException>().With.Property("Line").EqualTo(258));
    }

    [Test]
    public void A_gzip_file_cut_anywhere_is_an_error()
    {
        using var files = new TemporaryFolder();
        var packed = Packed.Gzip("user,item\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"u{i % 97},i{i * 7919 % 1009}\n")));
        foreach (var cut in new[] { packed.Length - 1, packed.Length - 5, packed.Length - 9, packed.Length / 2, 12, 3 })
        {
            var path = files.Write($"cut-{cut}.csv.gz", packed[..cut]);
            Assert.That(() => DelimitedLogReader.Read(path), Throws.InstanceOf<DataFormatException>().With.Message.Contains("cut or damaged"), $"cut at {cut}");
        }

        packed[packed.Length / 2] ^= 0x55;
        Assert.That(() => DelimitedLogReader.Read(files.Write("damaged.csv.gz", packed)), Throws.InstanceOf<DataFormatException>());
    }

    private static EventLog Read(string text, DelimitedLogOptions? options = null)
    {
        using var files = new TemporaryFolder();
        return DelimitedLogReader.Read(files.Write("log.csv", text), options);
    }
}

using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;
using LargeRec.Data.Tests.Synthetic;

namespace LargeRec.Data.Tests.Events;

public sealed class EventLogWriterTests
{
    [Test]
    public void What_is_written_reads_back_the_same()
    {
        using var files = new TemporaryFolder();
        var log = InteractionGenerator.Generate(new GeneratorOptions { Users = 50, Items = 100 }, seed => new SplitMix(seed));
        var path = Path.Combine(files.FolderPath, "log.csv");
        EventLogWriter.WriteCsv(log, path);
        var read = DelimitedLogReader.Read(path);

        Assert.That(read.Count, Is.EqualTo(log.Count));
        Assert.That(read.Times.ToArray(), Is.EqualTo(log.Times.ToArray()));
        Assert.That(read.Ratings.ToArray(), Is.EqualTo(log.Ratings.ToArray()));
        for (var i = 0; i < log.Count; i++)
        {
            Assert.That(read.UserIds.GetText(read.Users[i]), Is.EqualTo(log.UserIds.GetText(log.Users[i])));
            Assert.That(read.Catalogue.GetId(read.Items[i]), Is.EqualTo(log.Catalogue.GetId(log.Items[i])));
            Assert.That(read.Catalogue.GetTitle(read.Items[i]), Is.EqualTo(log.Catalogue.GetTitle(log.Items[i])));
            Assert.That(read.BehaviourNames[read.Behaviours[i]], Is.EqualTo(log.BehaviourNames[log.Behaviours[i]]));
        }
    }

    [Test]
    public void Texts_with_separators_quotes_and_line_ends_survive()
    {
        using var files = new TemporaryFolder();
        var (users, items) = (new Vocabulary(), new Vocabulary());
        users.GetOrAdd("a,\"b\"");
        items.GetOrAdd("line\nend");
        var builder = new EventLogBuilder("test", EventColumns.None);
        builder.Add(0, 1);
        var path = Path.Combine(files.FolderPath, "log.csv");
        EventLogWriter.WriteCsv(builder.Build(users, ItemVocabulary.Dense(items)), path);

        var read = DelimitedLogReader.Read(path);
        Assert.That(read.UserIds.GetText(0), Is.EqualTo("a,\"b\""));
        Assert.That(read.Catalogue.GetId(1), Is.EqualTo("line\nend"));
        Assert.That(read.HasTimes, Is.False);
    }
}

using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Tests.Synthetic;

/// <summary>Readers, order, split and ranking together give the floors that an independent implementation gives on the same files (all of a history
/// filtered).</summary>
public sealed class FloorsTests
{
    [Test]
    public void Floors_of_MovieLens_100K_are_the_known_ones()
    {
        var log = MovieLensReader.Read(FileSource.OfFolder(Path.Combine(RealData.Folder(), "ml-100k")), MovieLensLayout.MovieLens100K);
        var sequences = InteractionSequences.From(log);
        var split = DataSplit.Of(sequences, SplitKind.Published, int.MaxValue);
        Assert.That(Floors.Popularity(sequences, split).HitRate, Is.EqualTo(0.0859).Within(0.00005));
        Assert.That(Floors.Markov(sequences, split).HitRate, Is.EqualTo(0.1453).Within(0.00005));
    }
}

using LargeRec.Engine.Randomness;
using LargeRec.Studies.Embeddings;

namespace LargeRec.Studies.Tests.Embeddings;

public sealed class EmbeddingMapTests
{
    [Test]
    public void Principal_components_find_the_direction_that_was_planted()
    {
        var stream = new PhiloxStream(1, "points");
        float[] along = [0.6f, 0, 0.8f];
        float[][] points = [.. Enumerable.Range(0, 200).Select(i => along.Select(a => (float)((a * (i - 100)) + (0.01 * stream.NextDouble()) + 7)).ToArray())];
        var (places, shares) = PrincipalComponents.Of(points);
        Assert.That(shares[0], Is.GreaterThan(0.999).And.LessThanOrEqualTo(1 + 1e-12));
        Assert.That(shares.Sum(), Is.LessThanOrEqualTo(1 + 1e-12));
        Assert.That(places.Select(p => p[0]), Is.Ordered, "the largest loading is positive");
        Assert.That(places[150][0] - places[50][0], Is.EqualTo(100).Within(0.05));
        Assert.That(places.Average(p => p[0]), Is.Zero.Within(1e-6));
    }

    [Test]
    public void Points_that_are_all_the_same_have_no_variance() =>
        Assert.That(PrincipalComponents.Of([.. Enumerable.Range(0, 5).Select(_ => (float[])[1, 2])]).Shares, Is.All.Zero);

    [TestCase(2)]
    [TestCase(8)]
    public void Affinities_have_the_perplexity_asked_for_and_sum_to_1(double perplexity)
    {
        var points = Clusters(3, 10);
        var p = NeighbourMap.Affinities(points, perplexity);
        Assert.That(p.Sum(), Is.EqualTo(1).Within(1e-12));
        for (var i = 0; i < points.Length; i++)
        {
            Assert.That(p[(i * points.Length) + i], Is.Zero);
            for (var j = 0; j < i; j++)
            {
                Assert.That(p[(i * points.Length) + j], Is.EqualTo(p[(j * points.Length) + i]));
            }
        }
    }

    [Test]
    public void Neighbours_stay_neighbours_and_the_same_points_give_the_same_map()
    {
        const int Size = 20;
        var points = Clusters(4, Size);
        var map = NeighbourMap.Of(points, perplexity: 8);
        Assert.That(NeighbourMap.Of(points, perplexity: 8), Is.EqualTo(map));
        for (var i = 0; i < points.Length; i++)
        {
            var nearest = Enumerable.Range(0, points.Length).Where(j => j != i).MinBy(j => Square(map[i][0] - map[j][0]) + Square(map[i][1] - map[j][1]));
            Assert.That(nearest / Size, Is.EqualTo(i / Size), $"the nearest of point {i} is of its own cluster");
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(6)]
    public void Few_points_and_points_at_one_place_are_no_fault(int count)
    {
        var map = NeighbourMap.Of([.. Enumerable.Range(0, count).Select(_ => (float[])[1, 2, 3])]);
        Assert.That(map, Has.Length.EqualTo(count));
        Assert.That(map.SelectMany(place => place).All(double.IsFinite));
    }

    private static double Square(double x) => x * x;

    /// <summary>Balls in ten dimensions, far from each other.</summary>
    private static float[][] Clusters(int count, int size)
    {
        var stream = new PhiloxStream(3, "clusters");
        return
        [
            .. Enumerable.Range(0, count * size).Select(i =>
                Enumerable.Range(0, 10).Select(d => (float)((d == i / size ? 20 : 0) + stream.NextDouble())).ToArray()),
        ];
    }
}

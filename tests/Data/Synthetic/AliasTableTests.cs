using CsCheck;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Tests.Synthetic;

public sealed class AliasTableTests
{
    [Test]
    public void Draws_in_proportion_to_the_weights()
        => Gen.Int[0, 5].Select(w => (double)w).Array[1, 12].Where(weights => weights.Sum() > 0).Sample(weights =>
        {
            const int Draws = 20_000;
            var table = new AliasTable(weights);
            var random = new SplitMix(42);
            var counts = new int[weights.Length];
            for (var i = 0; i < Draws; i++)
            {
                counts[table.Draw(random)]++;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                // Six standard deviations of a binomial count; a zero weight is never drawn.
                var probability = weights[i] / weights.Sum();
                var allowed = 6 * Math.Sqrt(Draws * probability * (1 - probability));
                Assert.That(counts[i], Is.EqualTo(Draws * probability).Within(allowed + 1e-9));
            }
        }, iter: 40);

    [TestCase(0.0, 0.0)]
    [TestCase(1.0, -1.0)]
    [TestCase(1.0, double.NaN)]
    public void Impossible_weights_are_refused(double first, double second)
        => Assert.That(() => new AliasTable([first, second]), Throws.ArgumentException);
}

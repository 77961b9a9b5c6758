using LargeRec.Data.Preparation;
using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Batching;

/// <summary>
/// Stochastic length ("Actions Speak Louder than Words", ICML 2024, section 3.2): a history of n events, N being the most, is cut to N^(α/2) of them with
/// probability 1 − N^α/n² where it is longer than that, so that attention over a history costs O(N^α) instead of O(N²). Each epoch draws anew.
/// </summary>
public sealed class StochasticLength
{
    private readonly double _kept;
    private readonly bool _isRandom;
    private readonly Func<int, int, IRandomStream> _streams;

    /// <param name="maxLength">N.</param>
    /// <param name="alpha">α, above 1 and at most 2, where nothing is cut.</param>
    /// <param name="isRandom">Whether the events that stay are drawn, in their order; else they are the latest.</param>
    /// <param name="streams">From epoch and example to the bits of their draws.</param>
    public StochasticLength(int maxLength, double alpha, bool isRandom, Func<int, int, IRandomStream> streams)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        if (!(alpha is > 1 and <= 2))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must be above 1 and at most 2");
        }

        Threshold = (int)Math.Pow(maxLength, alpha / 2);
        (_kept, _isRandom, _streams) = (Math.Pow(maxLength, alpha), isRandom, streams);
    }

    /// <summary>⌊N^(α/2)⌋, what a history is cut to.</summary>
    public int Threshold { get; }

    /// <summary>The probability that a history of so many events is cut.</summary>
    public double CutProbability(int length) => length <= Threshold ? 0 : Math.Max(0, 1 - (_kept / ((double)length * length)));

    /// <summary>How many events of an example an epoch keeps.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Which example.</param>
    internal int LengthOf(Example example, int epoch, int index)
    {
        var probability = CutProbability(example.Length);
        return probability > 0 && Uniform(_streams(epoch, index)) < probability ? Threshold : example.Length;
    }

    /// <summary>Adds an example to a batch, cut or whole.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Which example.</param>
    internal void Add(JaggedBatch batch, InteractionSequences sequences, Example example, int epoch, int index)
    {
        var probability = CutProbability(example.Length);
        if (probability == 0)
        {
            batch.Add(sequences, example);
            return;
        }

        var stream = _streams(epoch, index);
        if (Uniform(stream) >= probability)
        {
            batch.Add(sequences, example);
        }
        else if (_isRandom)
        {
            batch.Add(sequences, example, Draw(example, stream));
        }
        else
        {
            batch.Add(sequences, example with { Start = example.Start + example.Length - Threshold, Length = Threshold });
        }
    }

    private static double Uniform(IRandomStream stream) => stream.NextUInt32() / 4294967296.0;

    /// <summary>Positions of events, each set of so many equally likely: selection sampling (Knuth, volume 2, 3.4.2, algorithm S).</summary>
    private int[] Draw(Example example, IRandomStream stream)
    {
        var positions = new int[Threshold];
        var taken = 0;
        for (var i = 0; taken < Threshold; i++)
        {
            if (Uniform(stream) * (example.Length - i) < Threshold - taken)
            {
                positions[taken++] = example.Start + i;
            }
        }

        return positions;
    }
}

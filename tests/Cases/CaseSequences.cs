using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Cases;

/// <summary>Sequences of given lengths with sorted times that hold ties, gaps of seconds to months and one of years.</summary>
public sealed class CaseSequences
{
    /// <param name="lengths">Tokens a sequence; 0 is allowed.</param>
    public CaseSequences(params IReadOnlyList<int> lengths)
    {
        Lengths = lengths;
        Offsets = new int[lengths.Count + 1];
        for (var b = 0; b < lengths.Count; b++)
        {
            Offsets[b + 1] = Offsets[b] + lengths[b];
        }

        (EventSeconds, NextSeconds) = (new int[Tokens], new int[Tokens]);
        var stream = new PhiloxStream(3, $"times {this}");
        for (var b = 0; b < lengths.Count; b++)
        {
            var time = 0;
            for (var t = Offsets[b]; t < Offsets[b + 1]; t++)
            {
                EventSeconds[t] = time;
                time += Gap(stream) + (t - Offsets[b] == lengths[b] / 2 ? 300_000_000 : 0);
                NextSeconds[t] = time;
            }
        }
    }

    /// <summary>Tokens a sequence.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Rows behind them that belong to no sequence.</summary>
    public int Trailing { get; init; }

    /// <summary>T.</summary>
    public int Tokens => Offsets[^1] + Trailing;

    /// <summary>[B+1].</summary>
    public int[] Offsets { get; }

    /// <summary>[Offsets[B]].</summary>
    public int[] EventSeconds { get; }

    /// <summary>[Offsets[B]].</summary>
    public int[] NextSeconds { get; }

    public int Longest => Lengths.DefaultIfEmpty().Max();

    /// <summary>Pairs of a query and a key that it may see.</summary>
    public double CausalPairs => Lengths.Sum(n => n * (n + 1.0) / 2);

    /// <summary>A new layout: a device keeps in it what it has prepared, so that each device gets its own.</summary>
    public JaggedLayout ToLayout(bool withTimes = true) => withTimes ? new(Offsets, EventSeconds, NextSeconds, Trailing) : new(Offsets, trailingRows: Trailing);

    public override string ToString()
    {
        var lengths = Lengths.Count > 8 ? $"{Lengths.Count} sequences of {Lengths.Min()} to {Longest}"
            : $"lengths {(Lengths.Count == 0 ? "none" : string.Join(" ", Lengths))}";
        return Trailing == 0 ? lengths : $"{lengths} and {Trailing} rows of none";
    }

    private static int Gap(PhiloxStream stream) => stream.NextBelow(4) == 0 ? 0 : (int)Math.Exp(stream.NextDouble() * 14.5);
}

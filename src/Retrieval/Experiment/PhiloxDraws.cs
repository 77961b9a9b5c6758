using LargeRec.Data.Synthetic;
using LargeRec.Engine.Randomness;

namespace LargeRec.Retrieval.Experiment;

/// <summary>Hands the engine's counter-based random numbers down to the data's floor, which knows no engine.</summary>
public sealed class PhiloxDraws : IRandomStream
{
    private readonly PhiloxStream _stream;

    private PhiloxDraws(PhiloxStream stream) => _stream = stream;

    /// <summary>What the generator draws from.</summary>
    public static PhiloxDraws OfGenerator(ulong seed) => new(new PhiloxStream(seed, "data.generator"));

    /// <summary>What the cut of one example in one epoch is drawn from: blocks example · 2³² + 0, 1, 2, ..., so that it depends on nothing but its
    /// place.</summary>
    /// <param name="seed">The run's.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="example">From 0.</param>
    public static PhiloxDraws OfStochasticLength(ulong seed, int epoch, int example) =>
        new(new PhiloxStream(seed, "data.stochastic_length", (uint)epoch, (ulong)(uint)example << 32));

    public uint NextUInt32() => _stream.NextUInt32();
}

using LargeRec.Data.Synthetic;
using LargeRec.Engine.Randomness;

namespace LargeRec.Retrieval.Experiment;

/// <summary>Hands the engine's counter-based random numbers down to the data generator, which knows no engine.</summary>
internal sealed class PhiloxRandomStream(ulong seed) : IRandomStream
{
    private readonly PhiloxStream _stream = new(seed, "data.generator");

    public uint NextUInt32() => _stream.NextUInt32();
}

using LargeRec.Data.Synthetic;
using LargeRec.Engine.Randomness;

namespace LargeRec.Retrieval.Experiment;

/// <summary>The random bits of one example in one epoch: Philox words of blocks 0, 1, 2, ... with counter (example · 2³² + block, epoch, site). No state but its place.</summary>
/// <param name="seed">The run's.</param>
/// <param name="epoch">From 0.</param>
/// <param name="example">From 0.</param>
public sealed class ExampleDraws(ulong seed, int epoch, int example) : IRandomStream
{
    private static readonly uint Site = StableHash.Of("data.stochastic_length");

    private uint _words;

    public uint NextUInt32()
    {
        var (x, y, z, w) = Philox.Block(seed, ((ulong)(uint)example << 32) | (_words / 4), (uint)epoch, Site);
        return (_words++ % 4) switch
        {
            0 => x,
            1 => y,
            2 => z,
            _ => w,
        };
    }
}

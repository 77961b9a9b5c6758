using LargeRec.Data.Synthetic;

namespace LargeRec.Data.Tests.Synthetic;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): enough for tests.</summary>
internal sealed class SplitMix(ulong state) : IRandomStream
{
    public uint NextUInt32()
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (uint)((z ^ (z >> 31)) >> 32);
    }
}

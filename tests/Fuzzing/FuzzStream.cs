namespace LargeRec.Fuzzing;

/// <summary>Random numbers that depend on the seed and the input's number alone (SplitMix64), so that any input can be made again by itself.</summary>
internal sealed class FuzzStream(ulong seed, int input)
{
    private ulong _state = Mix(seed + (0xD1B54A32D192ED03UL * (uint)input));

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mix(_state);
    }

    /// <summary>From 0 up to, not including, a bound.</summary>
    public int Below(int bound) => (int)(Next() % (uint)bound);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}

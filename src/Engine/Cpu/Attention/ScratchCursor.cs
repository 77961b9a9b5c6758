using System.Runtime.CompilerServices;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Cuts a worker's scratch memory into its parts, each on a cache line of its own. Walked over null first, it says how much is needed.</summary>
internal unsafe struct ScratchCursor(float* start)
{
    /// <summary>Floats taken so far.</summary>
    public long Floats { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Take(long floats)
    {
        var place = start + Floats;
        Floats += (floats + 15) / 16 * 16;
        return place;
    }
}

namespace LargeRec.Engine.Cpu.Random;

/// <summary>
/// A SIMD register of 64-bit lanes, each with a 32-bit word in its low half and anything in its high half: what a 32 x 32 → 64 bit product reads, and
/// what it leaves once shifted, so that Philox needs no shuffle between its rounds.
/// </summary>
internal unsafe interface IWordLanes<TSelf>
    where TSelf : unmanaged, IWordLanes<TSelf>
{
    /// <summary>Words of a register: 2, 4 or 8.</summary>
    static abstract int Count { get; }

    /// <summary>Every lane holds the word.</summary>
    static abstract TSelf Broadcast(uint word);

    /// <summary>start, start + 1, ..., without carry beyond 32 bits.</summary>
    static abstract TSelf Sequence(uint start);

    /// <summary>a + b of the low words.</summary>
    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary>The 64-bit products of the low words.</summary>
    static abstract TSelf Multiply(TSelf a, TSelf b);

    /// <summary>The high half of each lane as its word.</summary>
    static abstract TSelf High(TSelf a);

    /// <summary>a xor b xor c.</summary>
    static abstract TSelf Xor(TSelf a, TSelf b, TSelf c);

    /// <summary>The words of <paramref name="a"/>, then those of <paramref name="b"/>.</summary>
    static abstract void Store(TSelf a, TSelf b, uint* destination);
}

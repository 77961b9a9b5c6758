using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Simd;

/// <summary>
/// A SIMD register of float32 lanes that can be loaded, stored and summed: what every CPU kernel is written against, once for all
/// widths. The JIT compiles a kernel anew for each width, so nothing here costs a call.
/// </summary>
internal unsafe interface IFloatVector<TSelf> : IFloatLanes<TSelf>
    where TSelf : unmanaged, IFloatVector<TSelf>
{
    /// <summary>Lanes of a register: 4, 8 or 16.</summary>
    static abstract int Width { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* destination);

    /// <summary>A mask with the first <paramref name="count"/> lanes set, 0 ≤ count ≤ Width.</summary>
    static abstract TSelf Mask(int count);

    /// <summary>Loads the lanes of the mask; the others are 0 and their memory is not touched.</summary>
    static abstract TSelf LoadMasked(float* source, TSelf mask);

    /// <summary>Stores the lanes of the mask; the memory of the others is not touched.</summary>
    static abstract void StoreMasked(TSelf value, float* destination, TSelf mask);

    /// <summary>Keeps the lanes of the mask, the others become 0.</summary>
    static abstract TSelf And(TSelf value, TSelf mask);

    /// <summary>Sum of the lanes by halving: lane i is added to lane i + Width/2, and so on: a fixed order.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>The largest lane.</summary>
    static abstract float MaxLane(TSelf value);

    /// <summary>Loads Width 32-bit integers and converts them to float32 (rounded to nearest).</summary>
    static abstract TSelf LoadIntegers(int* source);

    /// <summary>1 in each lane whose unsigned integer is at least <paramref name="threshold"/>, as a mask.</summary>
    static abstract TSelf MaskAtLeast(uint* source, uint threshold);

    /// <summary>The first four columns of Width rows: target[c, i] = source[i, c].</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride);
}

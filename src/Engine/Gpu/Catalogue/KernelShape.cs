using System.Numerics;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>The dimensions that an operation is asked for, in the order of its family's <see cref="KernelFamily.Dimensions"/>; 0 where it has fewer.</summary>
public readonly record struct KernelShape(int First, int Second = 0, int Third = 0, int Fourth = 0, int Fifth = 0)
{
    private const int LeastRounded = 256;

    /// <summary>One of them.</summary>
    public int this[int index] => index switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        3 => Fourth,
        _ => Fifth,
    };

    /// <summary>The shape that stands for this and its like: what is 256 or more becomes the next power of two, so that every batch need not be tuned
    /// for.</summary>
    public KernelShape Class => new(Rounded(First), Rounded(Second), Rounded(Third), Rounded(Fourth), Rounded(Fifth));

    private static int Rounded(int size) => size < LeastRounded ? size : (int)Math.Min(int.MaxValue, BitOperations.RoundUpToPowerOf2((uint)size));
}

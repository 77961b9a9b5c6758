using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

internal interface IUnary<in TIn, out TOut>
{
    static abstract TOut Apply(TIn a);
}

internal interface IBinary<in TLeft, in TRight, out TOut>
{
    static abstract TOut Apply(TLeft a, TRight b);
}

internal interface ITernary<in TFactor, TTerm>
{
    static abstract TTerm Apply(TFactor a, TFactor b, TTerm c);
}

/// <summary>The loops over the lanes of a warp, written once for all plain instructions.</summary>
internal static unsafe class Lanes
{
    public static LaneAction Unary<TOperation, TIn, TOut>()
        where TOperation : struct, IUnary<TIn, TOut>
        where TIn : unmanaged
        where TOut : unmanaged => RunUnary<TOperation, TIn, TOut>;

    public static LaneAction Binary<TOperation, T>()
        where TOperation : struct, IBinary<T, T, T>
        where T : unmanaged => RunBinary<TOperation, T, T, T>;

    public static LaneAction Binary<TOperation, TLeft, TRight, TOut>()
        where TOperation : struct, IBinary<TLeft, TRight, TOut>
        where TLeft : unmanaged
        where TRight : unmanaged
        where TOut : unmanaged => RunBinary<TOperation, TLeft, TRight, TOut>;

    public static LaneAction Ternary<TOperation, TFactor, TTerm>()
        where TOperation : struct, ITernary<TFactor, TTerm>
        where TFactor : unmanaged
        where TTerm : unmanaged => RunTernary<TOperation, TFactor, TTerm>;

    public static T Read<T>(byte* slot, int lane)
        where T : unmanaged => *(T*)(slot + (lane * 8));

    /// <summary>Values narrower than 32 bits are extended, by their sign if they have one: they may lie in wider registers.</summary>
    public static void Write<T>(byte* place, T value)
        where T : unmanaged
    {
        if (sizeof(T) >= 4)
        {
            *(T*)place = value;
        }
        else if (typeof(T) == typeof(sbyte))
        {
            *(long*)place = *(sbyte*)&value;
        }
        else if (typeof(T) == typeof(short))
        {
            *(long*)place = *(short*)&value;
        }
        else
        {
            *(ulong*)place = sizeof(T) == 1 ? *(byte*)&value : *(ushort*)&value;
        }
    }

    private static void RunUnary<TOperation, TIn, TOut>(Warp warp, Instruction instruction, uint mask)
        where TOperation : struct, IUnary<TIn, TOut>
        where TIn : unmanaged
        where TOut : unmanaged
    {
        var d = warp.Slot(instruction.D);
        var a = warp.Slot(instruction.A);
        if (mask == uint.MaxValue)
        {
            for (var at = 0; at < Warp.SlotBytes; at += 8)
            {
                Write(d + at, TOperation.Apply(*(TIn*)(a + at)));
            }

            return;
        }

        for (; mask != 0; mask &= mask - 1)
        {
            var at = BitOperations.TrailingZeroCount(mask) * 8;
            Write(d + at, TOperation.Apply(*(TIn*)(a + at)));
        }
    }

    private static void RunBinary<TOperation, TLeft, TRight, TOut>(Warp warp, Instruction instruction, uint mask)
        where TOperation : struct, IBinary<TLeft, TRight, TOut>
        where TLeft : unmanaged
        where TRight : unmanaged
        where TOut : unmanaged
    {
        var d = warp.Slot(instruction.D);
        var a = warp.Slot(instruction.A);
        var b = warp.Slot(instruction.B);
        if (mask == uint.MaxValue)
        {
            for (var at = 0; at < Warp.SlotBytes; at += 8)
            {
                Write(d + at, TOperation.Apply(*(TLeft*)(a + at), *(TRight*)(b + at)));
            }

            return;
        }

        for (; mask != 0; mask &= mask - 1)
        {
            var at = BitOperations.TrailingZeroCount(mask) * 8;
            Write(d + at, TOperation.Apply(*(TLeft*)(a + at), *(TRight*)(b + at)));
        }
    }

    private static void RunTernary<TOperation, TFactor, TTerm>(Warp warp, Instruction instruction, uint mask)
        where TOperation : struct, ITernary<TFactor, TTerm>
        where TFactor : unmanaged
        where TTerm : unmanaged
    {
        var d = warp.Slot(instruction.D);
        var a = warp.Slot(instruction.A);
        var b = warp.Slot(instruction.B);
        var c = warp.Slot(instruction.C);
        for (; mask != 0; mask &= mask - 1)
        {
            var at = BitOperations.TrailingZeroCount(mask) * 8;
            Write(d + at, TOperation.Apply(*(TFactor*)(a + at), *(TFactor*)(b + at), *(TTerm*)(c + at)));
        }
    }
}

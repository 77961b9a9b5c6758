using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Read, change and write as one; lanes of a warp in ascending order, which hardware does not promise.</summary>
internal static unsafe class AtomicInstructions
{
    public static LaneAction? Find(string operation, string type) => (operation, type) switch
    {
        ("add", "u32" or "s32") => Update<Add<uint>, uint>,
        ("add", "u64") => Update<Add<ulong>, ulong>,
        ("add", "f32") => Update<Add<float>, float>,
        ("add", "f64") => Update<Add<double>, double>,
        ("min", "s32") => Update<Minimum<int>, int>,
        ("min", "u32") => Update<Minimum<uint>, uint>,
        ("min", "s64") => Update<Minimum<long>, long>,
        ("min", "u64") => Update<Minimum<ulong>, ulong>,
        ("max", "s32") => Update<Maximum<int>, int>,
        ("max", "u32") => Update<Maximum<uint>, uint>,
        ("max", "s64") => Update<Maximum<long>, long>,
        ("max", "u64") => Update<Maximum<ulong>, ulong>,
        ("and", "b32") => Update<And<uint>, uint>,
        ("and", "b64") => Update<And<ulong>, ulong>,
        ("or", "b32") => Update<Or<uint>, uint>,
        ("or", "b64") => Update<Or<ulong>, ulong>,
        ("xor", "b32") => Update<Xor<uint>, uint>,
        ("xor", "b64") => Update<Xor<ulong>, ulong>,
        ("exch", "b32") => Update<Second<uint>, uint>,
        ("exch", "b64") => Update<Second<ulong>, ulong>,
        ("cas", "b32") => CompareAndSwap<uint>,
        ("cas", "b64") => CompareAndSwap<ulong>,
        _ => null,
    };

    private static void Update<TOperation, T>(Warp warp, Instruction instruction, uint mask)
        where TOperation : struct, IBinary<T, T, T>
        where T : unmanaged
    {
        warp.Memory.Begin();
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var place = (T*)warp.Memory.Access(instruction.Space, warp.Address(instruction, instruction.A, lane), sizeof(T), AccessKind.Atomic, lane);
            var old = *place;
            *place = TOperation.Apply(old, Lanes.Read<T>(warp.Slot(instruction.B), lane));
            Return(warp, instruction, lane, old);
        }

        warp.Memory.End(AccessKind.Atomic);
    }

    private static void CompareAndSwap<T>(Warp warp, Instruction instruction, uint mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        warp.Memory.Begin();
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var place = (T*)warp.Memory.Access(instruction.Space, warp.Address(instruction, instruction.A, lane), sizeof(T), AccessKind.Atomic, lane);
            var old = *place;
            if (old == Lanes.Read<T>(warp.Slot(instruction.B), lane))
            {
                *place = Lanes.Read<T>(warp.Slot(instruction.C), lane);
            }

            Return(warp, instruction, lane, old);
        }

        warp.Memory.End(AccessKind.Atomic);
    }

    private static void Return<T>(Warp warp, Instruction instruction, int lane, T old)
        where T : unmanaged
    {
        if (instruction.Results.Length > 0)
        {
            Lanes.Write(warp.Slot(instruction.D) + (lane * 8), old);
        }
    }

    private readonly struct Add<T> : IBinary<T, T, T>
        where T : INumber<T>
    {
        public static T Apply(T a, T b) => a + b;
    }

    private readonly struct Minimum<T> : IBinary<T, T, T>
        where T : INumber<T>
    {
        public static T Apply(T a, T b) => T.Min(a, b);
    }

    private readonly struct Maximum<T> : IBinary<T, T, T>
        where T : INumber<T>
    {
        public static T Apply(T a, T b) => T.Max(a, b);
    }

    private readonly struct And<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a & b;
    }

    private readonly struct Or<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a | b;
    }

    private readonly struct Xor<T> : IBinary<T, T, T>
        where T : IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a ^ b;
    }

    private readonly struct Second<T> : IBinary<T, T, T>
    {
        public static T Apply(T a, T b) => b;
    }
}

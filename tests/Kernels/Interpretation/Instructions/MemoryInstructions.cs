using System.Numerics;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation.Instructions;

/// <summary>Loads and stores, lane after lane.</summary>
internal static unsafe class MemoryInstructions
{
    public static LaneAction LoadParameter(PtxType type) => type switch
    {
        PtxType.S8 => LoadParameter<sbyte>,
        PtxType.U8 or PtxType.B8 => LoadParameter<byte>,
        PtxType.S16 => LoadParameter<short>,
        _ when type.Size() == 2 => LoadParameter<ushort>,
        _ when type.Size() == 4 => LoadParameter<uint>,
        _ => LoadParameter<ulong>,
    };

    public static LaneAction Load(PtxType type) => type switch
    {
        PtxType.S8 => Load<sbyte>,
        PtxType.U8 or PtxType.B8 => Load<byte>,
        PtxType.S16 => Load<short>,
        PtxType.S32 => Load<int, long>,
        _ when type.Size() == 2 => Load<ushort>,
        _ when type.Size() == 4 => Load<uint, ulong>,
        _ => Load<ulong>,
    };

    public static LaneAction Store(PtxType type) => type.Size() switch
    {
        1 => Store<byte>,
        2 => Store<ushort>,
        4 => Store<uint>,
        _ => Store<ulong>,
    };

    private static void LoadParameter<T>(Warp warp, Instruction instruction, uint mask)
        where T : unmanaged
    {
        fixed (byte* parameters = warp.Parameters)
        {
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                for (var i = 0; i < instruction.Results.Length; i++)
                {
                    Lanes.Write(warp.Slot(instruction.Results[i]) + (lane * 8), *(T*)(parameters + instruction.Immediate + (i * sizeof(T))));
                }
            }
        }
    }

    private static void Load<T>(Warp warp, Instruction instruction, uint mask)
        where T : unmanaged, IBinaryInteger<T> => Load<T, T>(warp, instruction, mask);

    /// <summary>32 bits may go to a register of 64: they are extended first.</summary>
    private static void Load<T, TRegister>(Warp warp, Instruction instruction, uint mask)
        where T : unmanaged, IBinaryInteger<T>
        where TRegister : unmanaged, IBinaryInteger<TRegister>
    {
        var results = instruction.Results;
        var size = sizeof(T) * results.Length;
        var memory = warp.Memory;
        memory.Begin();
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var values = (T*)memory.Access(instruction.Space, warp.Address(instruction, instruction.A, lane), size, AccessKind.Read, lane);
            for (var i = 0; i < results.Length; i++)
            {
                Lanes.Write(warp.Slot(results[i]) + (lane * 8), TRegister.CreateTruncating(values[i]));
            }
        }

        memory.End(AccessKind.Read);
    }

    private static void Store<T>(Warp warp, Instruction instruction, uint mask)
        where T : unmanaged
    {
        var operands = instruction.Operands;
        var size = sizeof(T) * (operands.Length - 1);
        var memory = warp.Memory;
        memory.Begin();
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var values = (T*)memory.Access(instruction.Space, warp.Address(instruction, instruction.A, lane), size, AccessKind.Write, lane);
            for (var i = 1; i < operands.Length; i++)
            {
                values[i - 1] = Lanes.Read<T>(warp.Slot(operands[i]), lane);
            }
        }

        memory.End(AccessKind.Write);
    }
}

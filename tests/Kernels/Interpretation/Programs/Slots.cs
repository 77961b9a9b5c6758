namespace LargeRec.Kernels.Tests.Interpretation.Programs;

/// <summary>Hands out slots of the register file: to registers as they are declared, to constants and special registers as they are met.</summary>
internal sealed class Slots
{
    private readonly List<int> widths = [];
    private readonly Dictionary<(ulong Bits, int Width), int> constants = [];
    private readonly Dictionary<SpecialRegister, int> specials = [];

    public int Count => widths.Count;

    public (int Slot, ulong Bits)[] Constants => [.. constants.Select(c => (c.Value, c.Key.Bits))];

    public (int Slot, SpecialRegister Register)[] Specials => [.. specials.Select(s => (s.Value, s.Key))];

    /// <summary>Width in bytes of what a slot holds; 0 for a predicate.</summary>
    public int Width(int slot) => widths[slot];

    /// <summary>A register; those of 8 bits are 16 wide, as ptxas has it.</summary>
    public int Register(PtxType type)
    {
        widths.Add(type.Size() == 1 ? 2 : type.Size());
        return widths.Count - 1;
    }

    public int Constant(ulong bits, int width)
    {
        if (!constants.TryGetValue((bits, width), out var slot))
        {
            slot = widths.Count;
            widths.Add(width);
            constants.Add((bits, width), slot);
        }

        return slot;
    }

    public int Special(SpecialRegister register)
    {
        if (!specials.TryGetValue(register, out var slot))
        {
            slot = widths.Count;
            widths.Add(4);
            specials.Add(register, slot);
        }

        return slot;
    }

    public static SpecialRegister? FindSpecial(string name) => name switch
    {
        "%tid.x" => SpecialRegister.ThreadX,
        "%tid.y" => SpecialRegister.ThreadY,
        "%tid.z" => SpecialRegister.ThreadZ,
        "%ntid.x" => SpecialRegister.BlockX,
        "%ntid.y" => SpecialRegister.BlockY,
        "%ntid.z" => SpecialRegister.BlockZ,
        "%ctaid.x" => SpecialRegister.GroupX,
        "%ctaid.y" => SpecialRegister.GroupY,
        "%ctaid.z" => SpecialRegister.GroupZ,
        "%nctaid.x" => SpecialRegister.GridX,
        "%nctaid.y" => SpecialRegister.GridY,
        "%nctaid.z" => SpecialRegister.GridZ,
        "%laneid" => SpecialRegister.Lane,
        "%warpid" => SpecialRegister.Warp,
        "%nwarpid" => SpecialRegister.Warps,
        "%lanemask_eq" => SpecialRegister.LaneMaskEqual,
        "%lanemask_lt" => SpecialRegister.LaneMaskLess,
        "%lanemask_le" => SpecialRegister.LaneMaskLessOrEqual,
        "%lanemask_gt" => SpecialRegister.LaneMaskGreater,
        "%lanemask_ge" => SpecialRegister.LaneMaskGreaterOrEqual,
        "%dynamic_smem_size" => SpecialRegister.DynamicSharedBytes,
        _ => null,
    };
}

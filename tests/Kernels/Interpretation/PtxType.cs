namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>A type of PTX.</summary>
internal enum PtxType
{
    Pred,
    B8,
    B16,
    B32,
    B64,
    U8,
    U16,
    U32,
    U64,
    S8,
    S16,
    S32,
    S64,
    F16,
    F32,
    F64,
    BF16,
}

internal static class PtxTypes
{
    public static bool TryParse(string text, out PtxType type)
    {
        (var known, type) = text switch
        {
            "pred" => (true, PtxType.Pred),
            "b8" => (true, PtxType.B8),
            "b16" => (true, PtxType.B16),
            "b32" or "f16x2" or "bf16x2" or "tf32" => (true, PtxType.B32),
            "b64" => (true, PtxType.B64),
            "u8" => (true, PtxType.U8),
            "u16" => (true, PtxType.U16),
            "u32" => (true, PtxType.U32),
            "u64" => (true, PtxType.U64),
            "s8" => (true, PtxType.S8),
            "s16" => (true, PtxType.S16),
            "s32" => (true, PtxType.S32),
            "s64" => (true, PtxType.S64),
            "f16" => (true, PtxType.F16),
            "f32" => (true, PtxType.F32),
            "f64" => (true, PtxType.F64),
            "bf16" => (true, PtxType.BF16),
            _ => (false, PtxType.Pred),
        };
        return known;
    }

    /// <summary>Size in bytes; 0 for a predicate.</summary>
    public static int Size(this PtxType type) => type switch
    {
        PtxType.Pred => 0,
        PtxType.B8 or PtxType.U8 or PtxType.S8 => 1,
        PtxType.B16 or PtxType.U16 or PtxType.S16 or PtxType.F16 or PtxType.BF16 => 2,
        PtxType.B32 or PtxType.U32 or PtxType.S32 or PtxType.F32 => 4,
        _ => 8,
    };

    public static bool IsFloat(this PtxType type) => type is PtxType.F16 or PtxType.F32 or PtxType.F64 or PtxType.BF16;
}

using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Where the gradient of queries, keys or values goes.</summary>
internal readonly unsafe struct AttentionGradient(GradientTarget target)
{
    private readonly float* _target = CpuDevice.PointerOrNull(target.Tensor);

    public bool IsWanted => _target != null;

    public nint Stride { get; } = target.Tensor?.RowStride ?? 0;

    public bool Accumulate { get; } = target.Accumulate;

    /// <summary>Rows from a place on will be written soon.</summary>
    public void Prefetch(int row, int column, int rows, int columns, ref RowPrefetch prefetch)
    {
        if (IsWanted)
        {
            prefetch.Add(At(row, column), Stride, rows, columns);
        }
    }

    public float* At(int row, int column) => _target + (row * Stride) + column;
}

using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Normalization;

/// <summary>A block of rows a chunk: their gradients, and the sums of dy·n and dy in a row of the chunk's own each.</summary>
internal unsafe struct NormalizeBackwardJob : IChunkJob
{
    /// <summary>Rows a chunk.</summary>
    public const int BlockRows = 256;

    public NormKind Kind;
    public int Rows;
    public int Columns;
    public int Groups;
    public float Epsilon;
    public float* X;
    public nint StrideX;

    /// <summary>A value a column, or null.</summary>
    public float* Weight;
    public float* Dy;
    public nint StrideDy;

    /// <summary>Null if not wanted.</summary>
    public float* Dx;
    public nint StrideDx;
    public bool Accumulate;

    /// <summary>A row a chunk; null if not wanted.</summary>
    public float* WeightSums;

    /// <summary>A row a chunk; null if not wanted.</summary>
    public float* BiasSums;

    /// <summary>Between rows of sums, and of <see cref="Scratch"/>.</summary>
    public nint Stride;

    /// <summary>A row a worker.</summary>
    public float* Scratch;

    public readonly int Chunks => (Rows + BlockRows - 1) / BlockRows;

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var end = Math.Min(Rows, (chunk + 1) * BlockRows);
        var width = Columns / Groups;
        var weightSums = WeightSums == null ? null : WeightSums + (chunk * Stride);
        var biasSums = BiasSums == null ? null : BiasSums + (chunk * Stride);
        new Span<float>(weightSums, weightSums == null ? 0 : Columns).Clear();
        new Span<float>(biasSums, biasSums == null ? 0 : Columns).Clear();
        var gradient = Scratch + (worker * Stride);
        for (var row = chunk * BlockRows; row < end; row++)
        {
            for (var first = 0; first < Columns; first += width)
            {
                var source = X + (row * StrideX) + first;
                var upstream = Dy + (row * StrideDy) + first;
                var norm = LayerNormRow.Of<TVector>(Kind, source, width, Epsilon);
                Sum<TVector>(source, norm, upstream, width, Weight == null ? null : Weight + first, gradient, Offset(weightSums, first),
                    Offset(biasSums, first));
                if (Dx == null)
                {
                    continue;
                }

                var result = Dx + (row * StrideDx) + first;
                if (Kind == NormKind.Layer)
                {
                    LayerNormBackwardKernel.Propagate<TVector>(source, norm, gradient, result, width, Accumulate);
                }
                else
                {
                    Propagate<TVector>(source, norm.Scale, gradient, result, width, Accumulate);
                }
            }
        }
    }

    private static float* Offset(float* sums, int column) => sums == null ? null : sums + column;

    /// <summary>gradient = dy·weight, and what the row adds to the sums.</summary>
    private static void Sum<TVector>(
        float* x, LayerNormRow norm, float* dy, int columns, float* weight, float* gradient, float* weightSums, float* biasSums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (mean, scale) = (TVector.Broadcast(norm.Mean), TVector.Broadcast(norm.Scale));
        for (var c = 0; c < columns; c += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
            var value = TVector.LoadMasked(dy + c, mask);
            if (weightSums != null)
            {
                var normalized = (TVector.LoadMasked(x + c, mask) - mean) * scale;
                TVector.StoreMasked(TVector.MultiplyAdd(value, normalized, TVector.LoadMasked(weightSums + c, mask)), weightSums + c, mask);
            }

            if (biasSums != null)
            {
                TVector.StoreMasked(TVector.LoadMasked(biasSums + c, mask) + value, biasSums + c, mask);
            }

            TVector.Store(weight == null ? value : value * TVector.LoadMasked(weight + c, mask), gradient + c);
        }
    }

    /// <summary>dx (+)= r·g − x·(r³·Σ x·g/D).</summary>
    private static void Propagate<TVector>(float* x, float scale, float* gradient, float* dx, int columns, bool accumulate)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var product = RowSums.Product<TVector>(x, gradient, columns);
        var (factor, slope) = (TVector.Broadcast(scale), TVector.Broadcast(-(scale * scale) * (product / columns)));
        for (var c = 0; c < columns; c += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - c));
            var value = TVector.MultiplyAdd(TVector.LoadMasked(x + c, mask), slope, TVector.Load(gradient + c));
            TVector.StoreMasked(accumulate ? TVector.MultiplyAdd(value, factor, TVector.LoadMasked(dx + c, mask)) : value * factor, dx + c, mask);
        }
    }
}

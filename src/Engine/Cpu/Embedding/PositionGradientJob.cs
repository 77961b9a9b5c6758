using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>
/// dPositions[p] (+)= Σ_b dropout(dOutput at position p of sequence b), in the order of the sequences, tokens of id 0 left out. A chunk is a block of
/// positions, in every sequence neighbouring rows; positions beyond the longest sequence get 0.
/// </summary>
internal readonly unsafe struct PositionGradientJob(
    int* ids,
    JaggedLayout layout,
    int positions,
    int columns,
    DropoutRows dropout,
    float* dOutput,
    int strideDOutput,
    float* dPositions,
    int strideDPositions,
    bool accumulate,
    float* sums,
    int sumsPerRow) : IChunkJob
{
    /// <summary>Positions a chunk.</summary>
    public const int BlockPositions = 8;

    /// <summary>Chunks for a number of positions.</summary>
    public static int Chunks(int positions) => (positions + BlockPositions - 1) / BlockPositions;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var first = chunk * BlockPositions;
        var end = Math.Min(first + BlockPositions, positions);
        var block = sums + ((long)worker * BlockPositions * sumsPerRow);
        new Span<float>(block, BlockPositions * sumsPerRow).Clear();
        var offsets = layout.Offsets;
        for (var b = 0; b + 1 < offsets.Length; b++)
        {
            var last = Math.Min(end, offsets[b + 1] - offsets[b]);
            for (var p = first; p < last; p++)
            {
                var row = offsets[b] + p;
                if (ids[row] != 0)
                {
                    AddRow<TVector>(block + ((p - first) * sumsPerRow), dOutput + ((long)row * strideDOutput), dropout.Draw<TVector>(row, worker));
                }
            }
        }

        for (var p = first; p < end; p++)
        {
            Write<TVector>(block + ((p - first) * sumsPerRow), dPositions + ((long)p * strideDPositions));
        }
    }

    private void AddRow<TVector>(float* sum, float* row, uint* words)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            TVector.Store(TVector.Load(sum + c) + dropout.Keep(TVector.Load(row + c), words + c), sum + c);
        }

        if (c < columns)
        {
            var value = TVector.LoadMasked(row + c, TVector.Mask(columns - c));
            TVector.Store(TVector.Load(sum + c) + dropout.Keep(value, words + c), sum + c);
        }
    }

    private void Write<TVector>(float* sum, float* destination)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var factor = TVector.Broadcast(dropout.Scale);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = TVector.Load(sum + c);
            TVector.Store(accumulate ? TVector.MultiplyAdd(value, factor, TVector.Load(destination + c)) : value * factor, destination + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.Load(sum + c);
            value = accumulate ? TVector.MultiplyAdd(value, factor, TVector.LoadMasked(destination + c, mask)) : value * factor;
            TVector.StoreMasked(value, destination + c, mask);
        }
    }
}

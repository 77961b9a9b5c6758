using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>output_t = dropout(table[ids_t]·scale + positions[t − start of its sequence]), 0 where the id is 0; a block of rows a chunk.</summary>
internal readonly unsafe struct EmbedSequencesJob(
    RowSplit split,
    int columns,
    float* table,
    int strideTable,
    float* positions,
    int stridePositions,
    int* ids,
    JaggedLayout layout,
    float scale,
    DropoutRows dropout,
    float* output,
    int strideOutput) : IChunkJob
{
    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (row, end) = split.RowsOf(chunk);
        var offsets = layout.Offsets;
        var sequence = SequenceRows.SequenceOf(offsets, row);
        for (; row < end; row++)
        {
            while (offsets[sequence + 1] <= row)
            {
                sequence++;
            }

            var result = output + ((long)row * strideOutput);
            if (ids[row] == 0)
            {
                new Span<float>(result, columns).Clear();
                continue;
            }

            var words = dropout.Draw<TVector>(row, worker);
            var position = positions == null ? null : positions + ((long)(row - offsets[sequence]) * stridePositions);
            Embed<TVector>(table + ((long)ids[row] * strideTable), position, words, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Embed<TVector>(float* item, float* position, uint* words, float* result)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var factor = TVector.Broadcast(scale);
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = TVector.Load(item + c);
            value = position == null ? value * factor : TVector.MultiplyAdd(value, factor, TVector.Load(position + c));
            TVector.Store(dropout.Apply(value, words + c), result + c);
        }

        if (c < columns)
        {
            var mask = TVector.Mask(columns - c);
            var value = TVector.LoadMasked(item + c, mask);
            value = position == null ? value * factor : TVector.MultiplyAdd(value, factor, TVector.LoadMasked(position + c, mask));
            TVector.StoreMasked(dropout.Apply(value, words + c), result + c, mask);
        }
    }
}

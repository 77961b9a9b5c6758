using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>
/// dTable[id] (+)= scale·Σ dropout(dOutput_t) over the tokens t with this id, in token order; the order holds the tokens to sum, sorted by id. A chunk takes
/// the ids whose run of sorted positions starts in its block and follows the last one beyond the block's end: each row of the table has one writer.
/// </summary>
internal readonly unsafe struct TableGradientJob(
    int* ids,
    int* order,
    int tokens,
    int columns,
    float scale,
    DropoutRows dropout,
    float* dOutput,
    int strideDOutput,
    float* dTable,
    int strideDTable,
    bool accumulate,
    float* sums,
    int sumsPerWorker) : IChunkJob
{
    /// <summary>Sorted positions a chunk.</summary>
    public const int BlockTokens = 512;

    /// <summary>How many rows ahead are fetched: rows lie anywhere in memory, and the hardware cannot guess which is next.</summary>
    private const int Ahead = 6;

    /// <summary>Chunks for a number of tokens.</summary>
    public static int Chunks(int tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var i = chunk * BlockTokens;
        var end = Math.Min(i + BlockTokens, tokens);
        if (i > 0)
        {
            // The run that an earlier chunk has begun is that chunk's.
            var begun = ids[order[i - 1]];
            while (i < end && ids[order[i]] == begun)
            {
                i++;
            }
        }

        var sum = sums + ((long)worker * sumsPerWorker);
        while (i < end)
        {
            var id = ids[order[i]];
            var first = i;
            for (; i < tokens && ids[order[i]] == id; i++)
            {
                var row = order[i];
                if (i + Ahead < tokens)
                {
                    Prefetch.Row(dOutput + ((long)order[i + Ahead] * strideDOutput), columns);
                }

                AddRow<TVector>(sum, dOutput + ((long)row * strideDOutput), dropout.Draw<TVector>(row, worker), i == first);
            }

            Write<TVector>(sum, dTable + ((long)id * strideDTable));
        }
    }

    /// <summary>sum (+)= the kept values of a row; the factors come once, at the end.</summary>
    private void AddRow<TVector>(float* sum, float* row, uint* words, bool isFirst)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var c = 0;
        for (; c <= columns - TVector.Width; c += TVector.Width)
        {
            var value = dropout.Keep(TVector.Load(row + c), words + c);
            TVector.Store(isFirst ? value : TVector.Load(sum + c) + value, sum + c);
        }

        if (c < columns)
        {
            var value = dropout.Keep(TVector.LoadMasked(row + c, TVector.Mask(columns - c)), words + c);
            TVector.Store(isFirst ? value : TVector.Load(sum + c) + value, sum + c);
        }
    }

    private void Write<TVector>(float* sum, float* destination)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var factor = TVector.Broadcast(scale * dropout.Scale);
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

using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Turns each query's heap into a list, best first, of items instead of positions, and fills what is left of it.</summary>
internal unsafe struct TopSorter : IChunkJob
{
    private const int QueriesPerChunk = 64;

    public TopCollector Top;
    public int Queries;
    public int* Candidates;

    public readonly int Chunks => (Queries + QueriesPerChunk - 1) / QueriesPerChunk;

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var end = Math.Min(Queries, (chunk + 1) * QueriesPerChunk);
        for (var query = chunk * QueriesPerChunk; query < end; query++)
        {
            Top.Heap(query).Sort();
            var items = new Span<int>(Top.Positions + ((long)query * Top.Capacity), Top.Capacity);
            var scores = new Span<float>(Top.Scores + ((long)query * Top.Capacity), Top.Capacity);
            var count = Top.Counts[query];
            foreach (ref var item in items[..count])
            {
                item = Candidates[item];
            }

            items[count..].Fill(-1);
            scores[count..].Fill(float.NegativeInfinity);
        }
    }
}

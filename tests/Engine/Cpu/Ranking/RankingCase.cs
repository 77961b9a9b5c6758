using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Ranking;

/// <summary>Arguments of a ranking, made from a seed, its naive answer, and what a device makes of them.</summary>
internal sealed class RankingCase
{
    private ulong _state;

    /// <param name="levels">Values are drawn from so many whole numbers: their products are exact, and few levels make many ties.</param>
    public RankingCase(int queries, int columns, int items, int candidates, int filtered, int levels, int seed)
    {
        (Queries, Columns, Items, _state) = (queries, columns, items, (ulong)seed + 0x9E3779B97F4A7C15);
        QueryValues = Draw(queries * columns, levels);
        ItemValues = Draw(items * columns, levels);
        var shuffled = Enumerable.Range(0, items).Select(item => (Key: Next(), item)).OrderBy(pair => pair.Key).Select(pair => pair.item);
        Candidates = [.. shuffled.Take(candidates).Order()];
        Targets = [.. Enumerable.Range(0, queries).Select(_ => (int)(Next() % (uint)items))];
        FilterOffsets = new int[queries + 1];
        var filter = new List<int>();
        for (var query = 0; query < queries; query++)
        {
            // Ids that are no candidates, duplicates, and ids outside the table, as a padded window holds them.
            for (var i = (int)(Next() % (uint)(filtered + 1)); i > 0; i--)
            {
                filter.Add((int)(Next() % (uint)(items + 2)) - 1);
            }

            if (filter.Count > FilterOffsets[query] && filtered > 0)
            {
                filter.Add(filter[^1]);
            }

            FilterOffsets[query + 1] = filter.Count;
        }

        FilterItems = [.. filter];
    }

    public int Queries { get; }

    public int Columns { get; }

    public int Items { get; }

    public float[] QueryValues { get; }

    public float[] ItemValues { get; }

    public int[] Candidates { get; }

    public int[] Targets { get; }

    public int[] FilterOffsets { get; }

    public int[] FilterItems { get; }

    public ItemFilter Filter => new(FilterOffsets, FilterItems);

    /// <summary>The candidates that a query may see with their scores, sorted by score, stable in the order of the items.</summary>
    public (int Item, double Score)[] Sorted(int query)
    {
        var hidden = FilterItems[FilterOffsets[query]..FilterOffsets[query + 1]];
        return [.. Candidates.Where(item => !hidden.Contains(item)).Select(item => (item, Score(query, item))).OrderByDescending(pair => pair.Item2)];
    }

    public int Rank(int query) => Array.FindIndex(Sorted(query), pair => pair.Item == Targets[query]) + 1;

    public int[] RunRanks(CpuDevice device, int gap = 0)
    {
        using var step = device.BeginStep();
        var ranks = new int[Queries];
        device.Ranking.Ranks(Upload(device, QueryValues, Queries, gap), Upload(device, ItemValues, Items, gap), device.Upload(Candidates), Targets,
            Filter, ranks);
        return ranks;
    }

    public (int[] Items, float[] Scores) RunTop(CpuDevice device, int k, int gap = 0)
    {
        using var step = device.BeginStep();
        var (items, scores) = (new int[Queries * k], new float[Queries * k]);
        device.Ranking.TopK(Upload(device, QueryValues, Queries, gap), Upload(device, ItemValues, Items, gap), device.Upload(Candidates), Filter, k, items,
            scores);
        return (items, scores);
    }

    private double Score(int query, int item) =>
        Enumerable.Range(0, Columns).Sum(d => (double)QueryValues[(query * Columns) + d] * ItemValues[(item * Columns) + d]);

    private float[] Draw(int count, int levels) => [.. Enumerable.Range(0, count).Select(_ => (int)(Next() % (uint)levels) - (levels / 2f))];

    private uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (uint)(_state >> 32);
    }

    private Tensor Upload(CpuDevice device, float[] values, int rows, int gap)
    {
        var wide = device.Allocate(Shape.Matrix(rows, Columns + (2 * gap)));
        device.Upload(Enumerable.Repeat(float.NaN, rows * wide.Columns).ToArray(), wide);
        var tensor = wide.SliceColumns(gap, Columns);
        device.Upload(values, tensor);
        return tensor;
    }
}

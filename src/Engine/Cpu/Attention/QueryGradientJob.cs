using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Adds up the partial gradients of queries of split sequences in the order of their parts, a tile of rows a chunk.</summary>
internal unsafe struct QueryGradientJob : IChunkJob
{
    public AttentionArguments Arguments;
    public AttentionPlan Plan;
    public float* Partials;
    public AttentionGradient Queries;

    public readonly int Chunks => Plan.SplitCount == 0 ? 0 : Plan.Splits[^1].TilesBefore + Plan.Splits[^1].Tiles;

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var index = 0;
        while (chunk >= Plan.Splits[index].TilesBefore + Plan.Splits[index].Tiles)
        {
            index++;
        }

        var split = Plan.Splits[index];
        var tile = chunk - split.TilesBefore;
        var firstRow = tile * AttentionTile.Size;
        var width = Arguments.PaddedKeyWidth;
        var firstToken = Arguments.Offsets[split.Sequence];
        var rows = Math.Min(AttentionTile.Size, Arguments.Offsets[split.Sequence + 1] - firstToken - firstRow);
        for (var head = 0; head < split.Heads; head++)
        {
            var sums = Partials + (((split.RowsBefore + ((long)head * split.Rows)) + firstRow) * width);

            // A part has no gradients for the rows above its first tile.
            for (var part = 1; part < split.Parts && part <= tile; part++)
            {
                Add<TVector>(Partials + ((split.PartBegin(part) + ((long)head * split.Rows) + firstRow) * width), rows * width, sums);
            }

            AttentionWriting.Rows<TVector>(
                sums, width, rows, Arguments.KeyWidth,
                Queries.At(firstToken + firstRow, (split.FirstHead + head) * Arguments.KeyWidth), Queries.Stride, Queries.Accumulate);
        }
    }

    private static void Add<TVector>(float* values, int count, float* sums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var place = 0; place < count; place += TVector.Width)
        {
            TVector.Store(TVector.Load(sums + place) + TVector.Load(values + place), sums + place);
        }
    }
}

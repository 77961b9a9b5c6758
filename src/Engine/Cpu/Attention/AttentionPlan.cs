using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// How the attention of a batch is cut into units, by its shape alone. A sequence is one unit with all heads, which share the biases' work, unless it is a
/// large share of the batch; then its heads are spread over units, and after them its tiles. The largest units come first.
/// </summary>
internal sealed class AttentionPlan
{
    /// <summary>A unit has at least this many scores (a fraction of a millisecond), if its sequence has.</summary>
    private const long SmallestShare = 1 << 15;

    /// <summary>Into about as many units the work of a batch is cut, if it is uneven.</summary>
    private const int Shares = 64;

    private AttentionUnit[] _units = new AttentionUnit[256];
    private AttentionSplit[] _splits = new AttentionSplit[16];

    public int UnitCount { get; private set; }

    public int SplitCount { get; private set; }

    public ReadOnlySpan<AttentionUnit> Units => _units.AsSpan(0, UnitCount);

    public ReadOnlySpan<AttentionSplit> Splits => _splits.AsSpan(0, SplitCount);

    /// <summary>Plans a batch, in place of what was planned before.</summary>
    /// <param name="layout">The batch.</param>
    /// <param name="heads">H.</param>
    /// <param name="mostParts">Into how many units the tiles of a head are dealt at most.</param>
    public void Make(JaggedLayout layout, int heads, int mostParts)
    {
        (UnitCount, SplitCount) = (0, 0);
        long total = 0;
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            total += heads * Scores(Rows(layout, sequence));
        }

        var share = Math.Max(SmallestShare, total / Shares);
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            var rows = Rows(layout, sequence);
            if (rows == 0)
            {
                continue;
            }

            var tiles = AttentionTile.Count(rows);
            var pieces = (int)((heads * Scores(rows) + share - 1) / share);
            var headRanges = Math.Min(heads, pieces);
            var parts = Math.Min(Math.Min(tiles, mostParts), (pieces + headRanges - 1) / headRanges);
            for (var range = 0; range < headRanges; range++)
            {
                Add(sequence, heads * range / headRanges, heads * (range + 1) / headRanges, rows, parts);
            }
        }

        _units.AsSpan(0, UnitCount).Sort(LargestFirst);
    }

    private static int Rows(JaggedLayout layout, int sequence) => layout.Offsets[sequence + 1] - layout.Offsets[sequence];

    private static long Scores(long rows) => rows * (rows + 1) / 2;

    private static int LargestFirst(AttentionUnit a, AttentionUnit b)
    {
        var byWork = b.Work.CompareTo(a.Work);
        var bySequence = byWork != 0 ? byWork : a.Sequence.CompareTo(b.Sequence);
        var byHead = bySequence != 0 ? bySequence : a.FirstHead.CompareTo(b.FirstHead);
        return byHead != 0 ? byHead : a.FirstTile.CompareTo(b.FirstTile);
    }

    private void Add(int sequence, int firstHead, int endHead, int rows, int parts)
    {
        var split = -1;
        if (parts > 1)
        {
            var paddedRows = AttentionTile.Count(rows) * AttentionTile.Size;
            var before = SplitCount == 0 ? default : _splits[SplitCount - 1];
            split = SplitCount;
            Grow(ref _splits, SplitCount);
            _splits[SplitCount++] = new(
                sequence, firstHead, endHead, parts, paddedRows,
                before.RowsBefore + ((long)before.Heads * before.Parts * before.Rows), before.TilesBefore + (before.Rows / AttentionTile.Size));
        }

        for (var part = 0; part < parts; part++)
        {
            Grow(ref _units, UnitCount);
            _units[UnitCount++] = new(sequence, firstHead, endHead, part, parts, (endHead - firstHead) * Scores(rows) / parts, split);
        }
    }

    private static void Grow<T>(ref T[] list, int count)
    {
        if (count == list.Length)
        {
            Array.Resize(ref list, count * 2);
        }
    }
}

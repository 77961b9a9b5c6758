namespace LargeRec.Engine.Cpu.Attention;

/// <summary>Heads of a sequence whose tiles are dealt out to several units.</summary>
/// <param name="Sequence">Which sequence.</param>
/// <param name="FirstHead">The first head.</param>
/// <param name="EndHead">Behind the last head.</param>
/// <param name="Parts">How many units.</param>
/// <param name="Rows">Rows of the sequence's tiles.</param>
/// <param name="RowsBefore">The sum of heads·parts·rows of the splits before: where the units' partial results begin.</param>
/// <param name="TilesBefore">Tiles of the splits before.</param>
internal readonly record struct AttentionSplit(int Sequence, int FirstHead, int EndHead, int Parts, int Rows, long RowsBefore, int TilesBefore)
{
    public int Heads => EndHead - FirstHead;

    public int Tiles => Rows / AttentionTile.Size;

    /// <summary>Rows of partial results before those of a part.</summary>
    public long PartBegin(int part) => RowsBefore + ((long)part * Heads * Rows);
}

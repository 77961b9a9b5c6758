namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// A piece of attention's work: some heads of one sequence, and every so many-th of its tiles: of query rows in forward, of key rows in backward. It owns
/// complete rows of what it computes, but for the queries' gradient of a sequence whose tiles are dealt out to several units.
/// </summary>
/// <param name="Sequence">Which sequence.</param>
/// <param name="FirstHead">The first head.</param>
/// <param name="EndHead">Behind the last head.</param>
/// <param name="FirstTile">The first tile.</param>
/// <param name="TileStep">From a tile to the next.</param>
/// <param name="Work">Scores to compute, about.</param>
/// <param name="Split">Which of the plan's splits it is part of; −1 if it has all tiles.</param>
internal readonly record struct AttentionUnit(int Sequence, int FirstHead, int EndHead, int FirstTile, int TileStep, long Work, int Split)
{
    public int Heads => EndHead - FirstHead;
}

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>What is done with a query's scores against a block of candidates, before the next block's overwrite them. Blocks come in the order of the candidates.</summary>
internal unsafe interface IScoreConsumer
{
    /// <param name="query">Which query; no two threads have the same at once.</param>
    /// <param name="scores">The scores of the block's candidates: NaN where the query's filter hides one.</param>
    /// <param name="first">The position of the block's first candidate.</param>
    /// <param name="count">Candidates in the block.</param>
    void Take(int query, float* scores, int first, int count);
}

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>What is done with a query's scores against a block of candidates, before the next block's overwrite them.</summary>
internal unsafe interface IScoreConsumer
{
    /// <param name="worker">Whose partial result the block goes into: blocks come in any order, to any worker.</param>
    /// <param name="query">Which query.</param>
    /// <param name="scores">The scores of the block's candidates: NaN where the query's filter hides one.</param>
    /// <param name="first">The position of the block's first candidate.</param>
    /// <param name="count">Candidates in the block.</param>
    void Take(int worker, int query, float* scores, int first, int count);
}

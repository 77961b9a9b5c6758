using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>Something cheaper than scores that tells which candidates cannot be among the best.</summary>
internal unsafe interface IScoreScreen
{
    /// <summary>For each candidate of a block a number that the score, rounded as <see cref="ScorePanels"/> rounds it, does not exceed; NaN where nothing can
    /// be told.</summary>
    /// <param name="query">Which query.</param>
    /// <param name="first">The position of the block's first candidate, a multiple of the block.</param>
    /// <param name="count">Candidates in the block.</param>
    /// <param name="bounds">[block], written; behind the last candidate anything.</param>
    void Bounds<TVector>(int query, int first, int count, float* bounds)
        where TVector : unmanaged, IFloatVector<TVector>;
}

namespace LargeRec.Models;

/// <summary>What the arithmetic of a pass over jagged sequences depends on.</summary>
/// <param name="Tokens">T, events.</param>
/// <param name="Pairs">Σ n(n + 1)/2 over the sequences: what causal attention looks at.</param>
public readonly record struct TokenCounts(long Tokens, long Pairs)
{
    /// <summary>One sequence of so many events.</summary>
    public static TokenCounts OfLength(int length) => new(length, (long)length * (length + 1) / 2);

    public static TokenCounts operator +(TokenCounts a, TokenCounts b) => Add(a, b);

    /// <summary>Both together.</summary>
    public static TokenCounts Add(TokenCounts a, TokenCounts b) => new(a.Tokens + b.Tokens, a.Pairs + b.Pairs);
}

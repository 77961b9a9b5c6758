namespace LargeRec.Engine.Operations;

/// <summary>
/// Where and when a dropout mask is drawn. Value (row, column) of the mask is kept if its 32-bit word is at least rate·2^32. The word:
/// with g = column / 64, w = column % 64 / 16, l = column % 16, it is word w of the Philox4x32-10 block whose key is <paramref name="Seed"/> and whose
/// counter is (row·ceil(columns/64)·16 + g·16 + l [64 bits], <paramref name="ForwardCount"/>, <paramref name="Site"/>): so sixteen blocks
/// in the lanes of a vector yield the words of 64 neighbouring columns, and a GPU thread draws the very same ones.
/// </summary>
/// <param name="Rate">The probability that a value becomes 0, in [0, 1).</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="ForwardCount">Grows with every training forward, so that each draws anew.</param>
/// <param name="Site">A stable hash of the place in the model.</param>
public readonly record struct DropoutSite(float Rate, ulong Seed, uint ForwardCount, uint Site)
{
    /// <summary>Nothing is dropped.</summary>
    public static DropoutSite None => default;

    public bool IsActive => Rate > 0;

    /// <summary>A value is kept if its word is at least this.</summary>
    public uint Threshold => (uint)(Rate * 4294967296.0);

    /// <summary>1/(1 − rate).</summary>
    public float Scale => 1f / (1f - Rate);

    internal void ThrowIfInvalid(string operation)
    {
        if (!(Rate >= 0 && Rate < 1))
        {
            throw new ArgumentException($"{operation}: the dropout rate {Rate} must be at least 0 and below 1");
        }
    }
}

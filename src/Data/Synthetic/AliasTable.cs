namespace LargeRec.Data.Synthetic;

/// <summary>Draws from fixed weights in constant time (Walker 1974, set up as Vose 1991).</summary>
internal sealed class AliasTable
{
    private readonly double[] keep;
    private readonly int[] alias;

    /// <param name="weights">At least one; not negative, not all zero.</param>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (var weight in weights)
        {
            total += weight >= 0 ? weight : throw new ArgumentException($"weight {weight} is negative or not a number");
        }

        if (!(total > 0) || double.IsInfinity(total))
        {
            throw new ArgumentException($"weights sum to {total}; the sum must be positive and finite");
        }

        var count = weights.Length;
        keep = new double[count];
        alias = new int[count];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < count; i++)
        {
            keep[i] = weights[i] * count / total;
            alias[i] = i;
            (keep[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (poor, rich) = (small.Pop(), large.Pop());
            alias[poor] = rich;
            keep[rich] -= 1 - keep[poor];
            (keep[rich] < 1 ? small : large).Push(rich);
        }

        // What rounding left over is full.
        foreach (var full in small.Concat(large))
        {
            keep[full] = 1;
        }
    }

    public int Draw(IRandomStream random)
    {
        var column = random.NextBelow(keep.Length);
        return random.NextUnit() < keep[column] ? column : alias[column];
    }
}

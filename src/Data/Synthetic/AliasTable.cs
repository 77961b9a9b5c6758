namespace LargeRec.Data.Synthetic;

/// <summary>Draws from fixed weights in constant time (Walker 1974, set up as Vose 1991).</summary>
internal sealed class AliasTable
{
    private readonly double[] _keep;
    private readonly int[] _alias;

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
        _keep = new double[count];
        _alias = new int[count];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < count; i++)
        {
            _keep[i] = weights[i] * count / total;
            _alias[i] = i;
            (_keep[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (poor, rich) = (small.Pop(), large.Pop());
            _alias[poor] = rich;
            _keep[rich] -= 1 - _keep[poor];
            (_keep[rich] < 1 ? small : large).Push(rich);
        }

        // What rounding left over is full.
        foreach (var full in small.Concat(large))
        {
            _keep[full] = 1;
        }
    }

    public int Draw(IRandomStream random)
    {
        var column = random.NextBelow(_keep.Length);
        return random.NextUnit() < _keep[column] ? column : _alias[column];
    }
}

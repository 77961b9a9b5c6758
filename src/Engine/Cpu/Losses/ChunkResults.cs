namespace LargeRec.Engine.Cpu.Losses;

/// <summary>What each chunk found: the sum of its losses, or the first id outside the table.</summary>
internal readonly unsafe struct ChunkResults
{
    private readonly double* _sums;
    private readonly int* _tokens;
    private readonly int* _positions;
    private readonly int _chunks;

    public ChunkResults(float* memory, int chunks)
    {
        _chunks = chunks;
        _sums = (double*)memory;
        _tokens = (int*)(_sums + chunks);
        _positions = _tokens + chunks;
        new Span<int>(_tokens, chunks).Fill(-1);
    }

    public static long Floats(int chunks) => 4L * chunks;

    public void Set(int chunk, double sum) => _sums[chunk] = sum;

    /// <param name="position">−1 the label's, else which negative.</param>
    public void Fail(int chunk, int token, int position)
    {
        _tokens[chunk] = token;
        _positions[chunk] = position;
    }

    /// <summary>The sums, added in the order of the chunks.</summary>
    /// <exception cref="ArgumentException">An id is outside the table.</exception>
    public double Sum(in SampledSoftmaxInputs inputs)
    {
        var total = 0.0;
        for (var chunk = 0; chunk < _chunks; chunk++)
        {
            if (_tokens[chunk] >= 0)
            {
                Throw(inputs, _tokens[chunk], _positions[chunk]);
            }

            total += _sums[chunk];
        }

        return total;
    }

    private static void Throw(in SampledSoftmaxInputs inputs, int token, int position)
    {
        var (what, id) = position < 0
            ? ("the label", inputs.Labels[token])
            : ($"negative {position}", inputs.Negatives[((long)token * inputs.NegativesPerToken) + position]);
        throw new ArgumentException($"sampled softmax: {what} of token {token} is id {id}, outside a table of {inputs.ItemCount} items; ids are from 0 to "
            + $"{inputs.ItemCount - 1}");
    }
}

using ILGPU;
using LargeRec.Engine.Operations;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// What a pair's place adds to its score, for kernels that keep the time bias in shared memory: thresholds and values, a word a bucket each. A pair that
/// attention does not see has bucket −1.
/// </summary>
internal readonly struct PairBias(
    ArrayView<float> position, int positionOfZero, ArrayView<float> sharedTime, ArrayView<int> sharedThresholds,
    ArrayView<int> rows, int rowsOffset, int tokens, int normalizer, int hasPosition, int hasTime)
{
    /// <summary>ln 2/0.301 a bit of the exponent: 23 bits of fraction.</summary>
    private const float BucketsPerBit = 2.3028f / 8388608f;

    private readonly ArrayView<float> _position = position;
    private readonly ArrayView<float> _time = sharedTime;
    private readonly ArrayView<int> _thresholds = sharedThresholds;
    private readonly ArrayView<int> _rows = rows;
    private readonly int _positionOfZero = positionOfZero;
    private readonly int _rowsOffset = rowsOffset;
    private readonly int _tokens = tokens;
    private readonly int _normalizer = normalizer;
    private readonly int _hasPosition = hasPosition;
    private readonly int _hasTime = hasTime;

    /// <summary>Fills the shared tables; a barrier must follow.</summary>
    public void Load(ArrayView<float> time, int timeOffset, ArrayView<int> thresholds, int thresholdsOffset)
    {
        if (_hasTime != 0)
        {
            for (var i = Group.IdxX; i < TimeBuckets.Count; i += AttentionTile.Threads)
            {
                _time[i] = time[timeOffset + i];
                _thresholds[i] = thresholds[thresholdsOffset + i];
            }
        }
    }

    /// <summary>Whether row <paramref name="query"/> sees row <paramref name="key"/>: both are there, of one sequence, and the key is not behind the
    /// query.</summary>
    public bool Sees(int query, int key)
    {
        if (query >= _tokens || key > query)
        {
            return false;
        }

        var first = _rows[_rowsOffset + query];
        return key >= first && first < _rows[_rowsOffset + _tokens + query];
    }

    /// <summary>The bucket of a pair that is seen; 0 without a time bias.</summary>
    public int Bucket(int query, int key) =>
        _hasTime == 0 ? 0 : BucketOf(_thresholds, _rows[_rowsOffset + (3 * _tokens) + query] - _rows[_rowsOffset + (2 * _tokens) + key]);

    /// <summary>A score with its biases, of a pair that is seen.</summary>
    public float Add(float score, int distance, int bucket)
    {
        if (_hasPosition != 0)
        {
            score += _position[_positionOfZero - distance];
        }

        if (_hasTime != 0)
        {
            score += _time[bucket];
        }

        return score;
    }

    /// <summary>
    /// The bucket of a difference: the bits of a float read as a number are its logarithm, at most 0.09 too small, so that the bucket guessed from them is the
    /// right one or the one before.
    /// </summary>
    public static int BucketOf(ArrayView<int> thresholds, int seconds)
    {
        var difference = seconds < 1 ? 1 : PairScore.BelowNever(seconds);
        var guess = (int)((float)((int)Interop.FloatAsInt((float)difference) - 0x3f800000) * BucketsPerBit);
        return thresholds[guess + 1] <= difference ? guess + 1 : guess;
    }
}

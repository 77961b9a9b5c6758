using ILGPU;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Maths;
using LargeRec.Engine.Operations;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Attention;

/// <summary>
/// A query row and a key row under attention of any weighting: their score S = scale·(⟨q, k⟩ + position + time), the weight of the value, and what a change
/// of the weight is worth to S before its factor.
/// </summary>
internal readonly struct WeightedPair(
    ArrayView<float> q, int qOffset, int qStride, ArrayView<float> k, int kOffset, int kStride, int dqk,
    ArrayView<float> position, int positionOfZero, int hasPosition,
    ArrayView<float> time, int timeOffset, float factor, float exponent, int timeKind,
    ArrayView<int> rows, int rowsOffset, ArrayView<int> thresholds, int thresholdsOffset, int tokens, int weighting, float scale, float inverse)
{
    /// <summary>The score of a row's head and a key's.</summary>
    public float Score(int row, int head, int key, int keyHead)
    {
        var score = PairScore.Dot(q, qOffset + (row * qStride) + (head * dqk), k, kOffset + (key * kStride) + (keyHead * dqk), dqk);
        if (hasPosition != 0)
        {
            score += position[positionOfZero - (row - key)];
        }

        if (timeKind == AttentionModes.TimeBuckets)
        {
            score += time[timeOffset + Bucket(row, key)];
        }

        if (timeKind == AttentionModes.TimePower)
        {
            score += factor * Power(row, key);
        }

        return score * scale;
    }

    /// <summary>The bucket of the time between.</summary>
    public int Bucket(int row, int key) => PairScore.Bucket(thresholds, thresholdsOffset, TimeBuckets.Count, Seconds(row, key));

    /// <summary>ln x, x = max(next − event, 0) + 1.</summary>
    public float LogSeconds(int row, int key)
    {
        var seconds = Seconds(row, key);
        return Elementary.Log(new Lane((seconds > 0 ? seconds : 0) + 1f)).Value;
    }

    /// <summary>x^(−b).</summary>
    public float Power(int row, int key) => Elementary.Exp(new Lane(-exponent * LogSeconds(row, key))).Value;

    /// <summary>The weight before dropout; of a softmax by ln Σ exp(S) of the row.</summary>
    public float Weight(float score, float logSum)
    {
        if (weighting == AttentionModes.Softmax)
        {
            return Elementary.Exp(new Lane(score - logSum)).Value;
        }

        return weighting == AttentionModes.Silu ? inverse * PairScore.Weight(score) : score;
    }

    /// <summary>dS times its factor: what is added to the gradients of ⟨q, k⟩ and of the biases.</summary>
    /// <param name="upstream">⟨do, v⟩ through dropout.</param>
    /// <param name="delta">⟨do, o⟩, of a softmax.</param>
    public float Change(float score, float upstream, float logSum, float delta)
    {
        if (weighting == AttentionModes.Softmax)
        {
            return scale * Weight(score, logSum) * (upstream - delta);
        }

        return weighting == AttentionModes.Silu ? scale * inverse * upstream * PairScore.Slope(score) : upstream;
    }

    /// <summary>The columns of rows are the sequences' firsts and ends, then the seconds of events and of the events after them.</summary>
    private int Seconds(int row, int key) => rows[rowsOffset + (3 * tokens) + row] - rows[rowsOffset + (2 * tokens) + key];
}

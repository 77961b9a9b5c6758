using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Scores of four queries against candidates packed in panels of two registers. A score is the chain fma(q_d, e_d, sum) over d from 0 to D − 1, whatever the
/// SIMD width: <see cref="One"/> gives its very bits.
/// </summary>
internal static unsafe class ScorePanels
{
    /// <summary>Queries that one call scores.</summary>
    public const int Queries = 4;

    /// <summary>Candidates of a panel.</summary>
    public static int Width<TVector>()
        where TVector : unmanaged, IFloatVector<TVector> => 2 * TVector.Width;

    /// <summary>One score, of the item times its scale; a factor of 1 changes no bit.</summary>
    public static float One(float* query, float* item, int columns, float scale)
    {
        var sum = 0f;
        for (var d = 0; d < columns; d++)
        {
            sum = MathF.FusedMultiplyAdd(query[d], item[d] * scale, sum);
        }

        return sum;
    }

    /// <summary>Packs rows of items, times their scales if there are any, into a panel [D, width], zeros where there are fewer.</summary>
    public static void Pack(float* items, nint stride, float* scales, int columns, int* rows, int count, int width, float* panel)
    {
        for (var i = 0; i < count; i++)
        {
            var row = items + (rows[i] * stride);
            var scale = scales is null ? 1 : scales[rows[i]];
            for (nint d = 0; d < columns; d++)
            {
                panel[(d * width) + i] = row[d] * scale;
            }
        }

        for (var i = count; i < width; i++)
        {
            for (nint d = 0; d < columns; d++)
            {
                panel[(d * width) + i] = 0;
            }
        }
    }

    /// <summary>The scores of four queries against a panel, stored where each query's scores go.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Score<TVector>(float* q0, float* q1, float* q2, float* q3, float* panel, int columns, float* scores, nint scoreStride)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector a0 = TVector.Zero, a1 = TVector.Zero, b0 = TVector.Zero, b1 = TVector.Zero;
        TVector c0 = TVector.Zero, c1 = TVector.Zero, d0 = TVector.Zero, d1 = TVector.Zero;
        for (nint d = 0; d < columns; d++)
        {
            var left = TVector.Load(panel);
            var right = TVector.Load(panel + TVector.Width);
            panel += 2 * TVector.Width;
            var q = TVector.Broadcast(q0[d]);
            a0 = TVector.MultiplyAdd(q, left, a0);
            a1 = TVector.MultiplyAdd(q, right, a1);
            q = TVector.Broadcast(q1[d]);
            b0 = TVector.MultiplyAdd(q, left, b0);
            b1 = TVector.MultiplyAdd(q, right, b1);
            q = TVector.Broadcast(q2[d]);
            c0 = TVector.MultiplyAdd(q, left, c0);
            c1 = TVector.MultiplyAdd(q, right, c1);
            q = TVector.Broadcast(q3[d]);
            d0 = TVector.MultiplyAdd(q, left, d0);
            d1 = TVector.MultiplyAdd(q, right, d1);
        }

        TVector.Store(a0, scores);
        TVector.Store(a1, scores + TVector.Width);
        scores += scoreStride;
        TVector.Store(b0, scores);
        TVector.Store(b1, scores + TVector.Width);
        scores += scoreStride;
        TVector.Store(c0, scores);
        TVector.Store(c1, scores + TVector.Width);
        scores += scoreStride;
        TVector.Store(d0, scores);
        TVector.Store(d1, scores + TVector.Width);
    }
}

using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Scores of queries against candidates packed in panels of two registers. A score is the chain fma(q_d, e_d, sum) over d from 0 to D − 1, whatever the
/// SIMD width and however many queries there are: <see cref="One"/> gives its very bits.
/// </summary>
internal static unsafe class ScorePanels
{
    /// <summary>Queries that <see cref="ScoreFour"/> scores.</summary>
    public const int Queries = 4;

    /// <summary>Candidates of a panel of the widest register.</summary>
    public const int MostRows = 32;

    /// <summary>Candidates of a panel.</summary>
    public static int Width<TVector>()
        where TVector : unmanaged, IFloatVector<TVector> => 2 * TVector.Width;

    /// <summary>One score, of the item times its scale; a factor of 1 changes no bit.</summary>
    public static float One(float* query, float* item, int columns, float scale = 1)
    {
        var sum = 0f;
        for (var d = 0; d < columns; d++)
        {
            sum = MathF.FusedMultiplyAdd(query[d], item[d] * scale, sum);
        }

        return sum;
    }

    /// <summary>Values from one row to the next in the memory that rows go through on their way into a panel.</summary>
    public static int StagedStride(int columns) => (columns + 15) & ~15;

    /// <summary>Copies a row times its scale, with zeros behind it, to where it is packed from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stage<TVector>(float* row, int columns, float scale, float* staged)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var factor = TVector.Broadcast(scale);
        nint d = 0;
        for (; d + TVector.Width <= columns; d += TVector.Width)
        {
            TVector.Store(TVector.Load(row + d) * factor, staged + d);
        }

        if (d < columns)
        {
            TVector.Store(TVector.LoadMasked(row + d, TVector.Mask(columns - (int)d)) * factor, staged + d);
        }
    }

    /// <summary>Packs rows into a panel [D, width], and up to three rows of zeros behind it.</summary>
    /// <param name="staged">As many rows as the panel is wide.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Pack<TVector>(float* staged, int columns, float* panel)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint width = 2 * TVector.Width;
        nint stride = StagedStride(columns);
        for (nint d = 0; d < columns; d += 4)
        {
            TVector.Transpose(staged + d, stride, panel, width);
            TVector.Transpose(staged + d + (TVector.Width * stride), stride, panel + TVector.Width, width);
            panel += 4 * width;
        }
    }

    /// <summary>The scores of one query against a panel.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ScoreOne<TVector>(float* query, float* panel, int columns, float* scores)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector left = TVector.Zero, right = TVector.Zero;
        for (nint d = 0; d < columns; d++)
        {
            var q = TVector.Broadcast(query[d]);
            left = TVector.MultiplyAdd(q, TVector.Load(panel), left);
            right = TVector.MultiplyAdd(q, TVector.Load(panel + TVector.Width), right);
            panel += 2 * TVector.Width;
        }

        TVector.Store(left, scores);
        TVector.Store(right, scores + TVector.Width);
    }

    /// <summary>The scores of four queries against a panel, stored where each query's scores go.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ScoreFour<TVector>(float* q0, float* q1, float* q2, float* q3, float* panel, int columns, float* scores, nint scoreStride)
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

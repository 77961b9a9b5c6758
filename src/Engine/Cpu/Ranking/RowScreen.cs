using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Screens by the float32 product itself, summed in the order that suits the registers: rows are read as they lie in memory, at its full speed, where scores
/// proper need them turned into columns first. With u = 2⁻²⁴, either sum of D products is within (D + 8)·u/(1 − (D + 8)·u)·‖q‖·‖e‖ of ⟨q, e⟩ (Higham,
/// Accuracy and Stability of Numerical Algorithms, 3.1), so the score is at most this sum and twice that.
/// </summary>
internal unsafe struct RowScreen : IScoreScreen
{
    private const int RowsAtOnce = 4;

    /// <summary>Keeps a bound above what underflow may take from tiny products.</summary>
    private const float Tiny = 1e-36f;

    public float* Queries;
    public nint QueryStride;
    public float* Items;
    public nint ItemStride;
    public int Columns;
    public int* Candidates;

    /// <summary>Twice the relative error of a sum, for as many columns; half as much again covers the rounding of the bound itself.</summary>
    private readonly float Slope => 3f * (Columns + 16) * 5.9604645e-8f;

    [SkipLocalsInit]
    public readonly void Bounds<TVector>(int query, int first, int count, float* bounds)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var q = Queries + (query * QueryStride);
        var squares = stackalloc float[ScreenedTop.BlockCandidates];
        var i = 0;
        for (; i + RowsAtOnce <= count; i += RowsAtOnce)
        {
            var rows = Candidates + first + i;
            Four<TVector>(
                q,
                Items + (rows[0] * ItemStride),
                Items + (rows[1] * ItemStride),
                Items + (rows[2] * ItemStride),
                Items + (rows[3] * ItemStride),
                Columns,
                bounds + i,
                squares + i);
        }

        for (; i < count; i++)
        {
            One<TVector>(q, Items + (Candidates[first + i] * ItemStride), Columns, bounds + i, squares + i);
        }

        float dot, square;
        One<TVector>(q, q, Columns, &dot, &square);
        var slope = TVector.Broadcast(Slope * MathF.Sqrt(square + Tiny));
        var tiny = TVector.Broadcast(Tiny);
        for (nint at = 0; at < count; at += TVector.Width)
        {
            var error = TVector.MultiplyAdd(slope, TVector.Sqrt(TVector.Load(squares + at) + tiny), tiny);
            TVector.Store(TVector.Load(bounds + at) + error, bounds + at);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Four<TVector>(float* q, float* a, float* b, float* c, float* d, int columns, float* dots, float* squares)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector dotA = TVector.Zero, dotB = TVector.Zero, dotC = TVector.Zero, dotD = TVector.Zero;
        TVector squareA = TVector.Zero, squareB = TVector.Zero, squareC = TVector.Zero, squareD = TVector.Zero;
        nint i = 0;
        for (; i + TVector.Width <= columns; i += TVector.Width)
        {
            var query = TVector.Load(q + i);
            var row = TVector.Load(a + i);
            dotA = TVector.MultiplyAdd(query, row, dotA);
            squareA = TVector.MultiplyAdd(row, row, squareA);
            row = TVector.Load(b + i);
            dotB = TVector.MultiplyAdd(query, row, dotB);
            squareB = TVector.MultiplyAdd(row, row, squareB);
            row = TVector.Load(c + i);
            dotC = TVector.MultiplyAdd(query, row, dotC);
            squareC = TVector.MultiplyAdd(row, row, squareC);
            row = TVector.Load(d + i);
            dotD = TVector.MultiplyAdd(query, row, dotD);
            squareD = TVector.MultiplyAdd(row, row, squareD);
        }

        if (i < columns)
        {
            var mask = TVector.Mask(columns - (int)i);
            var query = TVector.LoadMasked(q + i, mask);
            var row = TVector.LoadMasked(a + i, mask);
            dotA = TVector.MultiplyAdd(query, row, dotA);
            squareA = TVector.MultiplyAdd(row, row, squareA);
            row = TVector.LoadMasked(b + i, mask);
            dotB = TVector.MultiplyAdd(query, row, dotB);
            squareB = TVector.MultiplyAdd(row, row, squareB);
            row = TVector.LoadMasked(c + i, mask);
            dotC = TVector.MultiplyAdd(query, row, dotC);
            squareC = TVector.MultiplyAdd(row, row, squareC);
            row = TVector.LoadMasked(d + i, mask);
            dotD = TVector.MultiplyAdd(query, row, dotD);
            squareD = TVector.MultiplyAdd(row, row, squareD);
        }

        dots[0] = TVector.Sum(dotA);
        dots[1] = TVector.Sum(dotB);
        dots[2] = TVector.Sum(dotC);
        dots[3] = TVector.Sum(dotD);
        squares[0] = TVector.Sum(squareA);
        squares[1] = TVector.Sum(squareB);
        squares[2] = TVector.Sum(squareC);
        squares[3] = TVector.Sum(squareD);
    }

    private static void One<TVector>(float* q, float* row, int columns, float* dot, float* square)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        TVector dots = TVector.Zero, squares = TVector.Zero;
        for (nint i = 0; i < columns; i += TVector.Width)
        {
            var mask = TVector.Mask(Math.Min(TVector.Width, columns - (int)i));
            var values = TVector.LoadMasked(row + i, mask);
            dots = TVector.MultiplyAdd(TVector.LoadMasked(q + i, mask), values, dots);
            squares = TVector.MultiplyAdd(values, values, squares);
        }

        *dot = TVector.Sum(dots);
        *square = TVector.Sum(squares);
    }
}

using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>The time bias a·x^(−b) of a tile, x = max(next_i − event_j, 0) + 1, and the gradients of a and b.</summary>
internal static unsafe class TimePowerTile
{
    /// <summary>Floats of the sums of the gradients: a vector each.</summary>
    public const int SumFloats = 2 * 16;

    /// <summary>Floats of a chunk's gradients.</summary>
    public const int TableFloats = 2;

    /// <summary>Writes the bias of a tile, all of its columns.</summary>
    /// <param name="next">The time after each row's event.</param>
    /// <param name="events">The times of the tile's columns.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns that have events; those behind are computed as if they were the last.</param>
    /// <param name="differences">Room for a row.</param>
    public static void Fill<TVector>(int* next, int* events, int rows, int columns, float factor, float exponent, int* differences, float* tile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (a, minusB) = (TVector.Broadcast(factor), TVector.Broadcast(-exponent));
        for (var row = 0; row < rows; row++, tile += AttentionTile.Size)
        {
            Differences(next[row], events, columns, differences);
            for (var column = 0; column < AttentionTile.Size; column += TVector.Width)
            {
                var log = Elementary.Log(TVector.LoadIntegers(differences + column) + TVector.Broadcast(1f));
                TVector.Store(a * Elementary.Exp(minusB * log), tile + column);
            }
        }
    }

    /// <summary>Adds what a tile of gradients G gives: Σ G·x^(−b) to a's and −Σ G·a·ln x·x^(−b) to b's. G is 0 above the diagonal.</summary>
    /// <param name="sums">A vector each.</param>
    public static void AddGradient<TVector>(
        int* next, int* events, int rows, int columns, bool diagonal, float factor, float exponent, int* differences, float* gradients, float* sums)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var minusB = TVector.Broadcast(-exponent);
        var ofFactor = TVector.Load(sums);
        var ofExponent = TVector.Zero;
        for (var row = 0; row < rows; row++, gradients += AttentionTile.Size)
        {
            Differences(next[row], events, columns, differences);
            var seen = diagonal ? row + 1 : AttentionTile.Size;
            for (var column = 0; column < seen; column += TVector.Width)
            {
                var log = Elementary.Log(TVector.LoadIntegers(differences + column) + TVector.Broadcast(1f));
                var gradient = TVector.And(TVector.Load(gradients + column), TVector.Mask(Math.Min(TVector.Width, seen - column)))
                    * Elementary.Exp(minusB * log);
                ofFactor += gradient;
                ofExponent += gradient * log;
            }
        }

        TVector.Store(ofFactor, sums);
        var place = sums + TVector.Width;
        TVector.Store(TVector.Load(place) - (ofExponent * TVector.Broadcast(factor)), place);
    }

    /// <summary>The sums of a chunk's vectors.</summary>
    public static void SumLanes<TVector>(float* sums, float* table)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        table[0] = TVector.Sum(TVector.Load(sums));
        table[1] = TVector.Sum(TVector.Load(sums + TVector.Width));
    }

    /// <summary>max(next − event, 0), exact before it becomes a float.</summary>
    private static void Differences(int next, int* events, int columns, int* differences)
    {
        var last = 0;
        for (var column = 0; column < columns; column++)
        {
            last = Math.Max(next - events[column], 0);
            differences[column] = last;
        }

        new Span<int>(differences + columns, AttentionTile.Size - columns).Fill(last);
    }
}

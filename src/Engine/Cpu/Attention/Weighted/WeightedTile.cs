using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>What the activation of a tile of scores needs to know.</summary>
internal unsafe struct WeightedTile
{
    public int Rows;

    /// <summary>Row r has r + 1 columns instead of all.</summary>
    public bool Diagonal;

    /// <summary>The position bias of row 0, column 0; a row down is one value back.</summary>
    public float* Position;
    public float Scale;
    public float Factor;
    public DropoutSite Dropout;
    public float DropoutScale;

    /// <summary>Where the random words of row 0 begin, and how far on those of the next row do.</summary>
    public ulong FirstBlock;
    public ulong BlocksARow;

    /// <summary>Room for the words of a row.</summary>
    public uint* Words;

    /// <summary>Softmax, forward: the largest score of each row so far.</summary>
    public float* Largest;

    /// <summary>Softmax, forward: Σ exp(S − largest) of each row so far.</summary>
    public float* Sums;

    /// <summary>Softmax, forward: the sums of outputs so far, to be scaled when a row's largest score grows; null before the first tile.</summary>
    public float* Outputs;
    public int OutputWidth;

    /// <summary>Softmax, backward: ln Σ exp(S) of each row.</summary>
    public float* LogSums;

    /// <summary>Softmax, backward: ⟨do, o⟩ of each row.</summary>
    public float* Deltas;

    /// <summary>Columns of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Columns(int row) => Diagonal ? row + 1 : AttentionTile.Size;

    /// <summary>Columns that the products read of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int ReadColumns(int row) => Diagonal ? AttentionTile.DiagonalColumns(row) : AttentionTile.Size;

    /// <summary>The words of a row of weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Draw<TVector>(int row)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (Dropout.IsActive)
        {
            PhiloxVector.DrawGroup<TVector>(Dropout.Seed, FirstBlock + ((ulong)row * BlocksARow), Dropout.ForwardCount, Dropout.Site, Words);
        }
    }

    /// <summary>The values that dropout keeps, scaled; the others 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Drop<TVector>(TVector value, int column)
        where TVector : unmanaged, IFloatVector<TVector> =>
        Dropout.IsActive ? TVector.And(value * TVector.Broadcast(DropoutScale), TVector.MaskAtLeast(Words + column, Dropout.Threshold)) : value;

    /// <summary>Sets what the products read behind a row's own columns, and behind the vector that holds the last of them, to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Clear<TVector>(float* values, int row)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var end = ReadColumns(row);
        for (var column = (Columns(row) + TVector.Width - 1) / TVector.Width * TVector.Width; column < end; column += TVector.Width)
        {
            TVector.Store(TVector.Zero, values + column);
        }
    }
}

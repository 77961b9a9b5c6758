using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Products;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// The tile that attention works in: 64 query rows and 64 key columns of one sequence and head, row-major with a stride of 64. Tiles lie on a grid from
/// the sequence's start, so a tile is above the diagonal (never touched), on it, or below it with all of its columns.
/// </summary>
/// <remarks>
/// In a tile on the diagonal, row r has columns 0 to r. Its rows are multiplied in groups of <see cref="ProductTile.Rows"/>, its columns in
/// pieces of <see cref="Piece"/>: what a group computes beyond a row's own columns is set to exactly 0 by the activation.
/// </remarks>
internal static class AttentionTile
{
    /// <summary>Rows, columns and row stride.</summary>
    public const int Size = 64;

    /// <summary>Columns are cut at multiples of this, for every SIMD width.</summary>
    public const int Piece = 16;

    /// <summary>Floats of a tile in scratch memory; those behind the last row may be read and written by the last row's vectors.</summary>
    public const int Floats = (Size * Size) + Size;

    /// <summary>Tiles that a sequence of some rows is cut into.</summary>
    public static int Count(int rows) => (rows + Size - 1) / Size;

    /// <summary>Up to whole pieces, which are whole vectors of any width and whole cache lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pad(int columns) => (columns + Piece - 1) / Piece * Piece;

    /// <summary>Columns of a diagonal tile that the products compute or read in a row: those of its group's last row, in whole pieces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DiagonalColumns(int row) => Math.Min(Size, Pad((row / ProductTile.Rows * ProductTile.Rows) + ProductTile.Rows));
}

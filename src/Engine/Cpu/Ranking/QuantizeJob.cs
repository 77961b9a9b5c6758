using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Rows to bytes: code = round(e/scale) + 128 with scale = max|e|/127, in panels as <see cref="ByteProducts"/> reads them, and what is lost by it.
/// A row that is not finite gets a scale of NaN, by which no screen lets it go unseen.
/// </summary>
internal unsafe struct QuantizeJob : IChunkJob
{
    /// <summary>The code of 0.</summary>
    public const int Zero = 128;

    /// <summary>Candidates of a chunk.</summary>
    public const int BlockCandidates = 4096;

    /// <summary>No scale is smaller, so that codes stay within a byte where numbers underflow.</summary>
    private const float SmallestScale = 1e-30f;

    public float* Items;
    public nint ItemStride;
    public int Columns;
    public int* Candidates;
    public int Count;

    /// <summary>[panels, groups, 16, 4].</summary>
    public byte* Codes;

    /// <summary>[panels, 16].</summary>
    public float* Scales;

    /// <summary>[chunks, 3]: the largest ‖e − ê‖/scale, ‖ê‖ and ‖e‖ of a chunk.</summary>
    public double* Largest;

    /// <summary>Bytes of a panel.</summary>
    public static int PanelBytes(int columns) => ByteProducts.Rows * ((columns + 3) & ~3);

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var largest = new Span<double>(Largest + (3 * chunk), 3);
        largest.Clear();
        var first = chunk * BlockCandidates;
        var end = Math.Min(first + BlockCandidates, Count);
        for (var position = first; position < end; position += ByteProducts.Rows)
        {
            var panel = Codes + ((nint)(position / ByteProducts.Rows) * PanelBytes(Columns));
            new Span<byte>(panel, PanelBytes(Columns)).Fill(Zero);
            for (var row = 0; row < ByteProducts.Rows; row++)
            {
                Scales[position + row] = position + row < end ? Quantize(Items + (Candidates[position + row] * ItemStride), panel + (4 * row), largest) : 0;
            }
        }
    }

    /// <returns>The scale.</returns>
    private readonly float Quantize(float* row, byte* codes, Span<double> largest)
    {
        var most = 0f;
        for (var d = 0; d < Columns; d++)
        {
            most = MathF.Max(most, MathF.Abs(row[d]));
        }

        if (!float.IsFinite(most))
        {
            return float.NaN;
        }

        var scale = MathF.Max(most / 127, SmallestScale);
        double lost = 0, coded = 0, whole = 0;
        for (var d = 0; d < Columns; d++)
        {
            var code = (int)Math.Round(row[d] / (double)scale);
            codes[((d >> 2) * 4 * ByteProducts.Rows) + (d & 3)] = (byte)(code + Zero);
            var value = (double)scale * code;
            lost += (row[d] - value) * (row[d] - value);
            coded += value * value;
            whole += (double)row[d] * row[d];
        }

        largest[0] = Math.Max(largest[0], Math.Sqrt(lost) / scale);
        largest[1] = Math.Max(largest[1], Math.Sqrt(coded));
        largest[2] = Math.Max(largest[2], Math.Sqrt(whole));
        return scale;
    }
}

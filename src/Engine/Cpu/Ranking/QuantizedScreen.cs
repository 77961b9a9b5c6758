using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Ranking;

/// <summary>
/// Screens by int8 codes. With ê what a row's codes stand for, q̂ what the query's two digits a value stand for (q̂ = unit·(128·high + low)), s the row's scale
/// and c, E, M the largest ‖e − ê‖/s, ‖ê‖ and ‖e‖ of the table:
/// ⟨q, e⟩ = ⟨q̂, ê⟩ + ⟨q − q̂, ê⟩ + ⟨q, e − ê⟩ ≤ ⟨q̂, ê⟩ + ‖q − q̂‖·E + s·c·‖q‖, by Cauchy and Schwarz. ⟨q̂, ê⟩ comes out of exact integers. What float32
/// rounds, of the score and of the bound, is less than (D + 32)·u·(‖q‖·M + the two digits' parts of ‖q̂‖·E), u = 2⁻²⁴.
/// </summary>
internal readonly unsafe struct QuantizedScreen : IScoreScreen
{
    /// <summary>127·64 − 1 and all below are 128·high + low with digits of at most 64.</summary>
    private const int MostUnits = 8127;

    private const double Rounding = 1.0 / (1 << 24);

    /// <summary>Far from where float32 overflows, whatever D.</summary>
    private const double Huge = 1e30;

    private readonly byte* _codes;
    private readonly float* _scales;
    private readonly int _columns;
    private readonly int _first;
    private readonly int* _digits;
    private readonly Constants* _constants;

    /// <param name="range">The queries that are screened.</param>
    /// <param name="memory">As many 32-bit values as <see cref="MemoryValues"/> says.</param>
    public QuantizedScreen(QuantizedItems items, Tensor queries, Range range, float* memory)
    {
        (_first, var rows) = range.GetOffsetAndLength(queries.Rows);
        _codes = (byte*)CpuDevice.Pointer(items.Codes);
        _scales = CpuDevice.Pointer(items.Scales);
        _columns = queries.Columns;
        _constants = (Constants*)memory;
        _digits = (int*)(_constants + rows);
        for (var query = 0; query < rows; query++)
        {
            Prepare(items, CpuDevice.Pointer(queries) + ((long)(_first + query) * queries.RowStride), query);
        }
    }

    private int Groups => (_columns + 3) / 4;

    /// <summary>32-bit values of memory that so many queries take.</summary>
    public static long MemoryValues(int queries, int columns) => queries * ((sizeof(Constants) / sizeof(float)) + (2L * ((columns + 3) / 4)));

    [SkipLocalsInit]
    public void Bounds<TVector>(int query, int first, int count, float* bounds)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var highs = stackalloc int[ScreenedTop.BlockCandidates];
        var lows = stackalloc int[ScreenedTop.BlockCandidates];
        var constants = _constants[query - _first];
        var digits = _digits + ((query - _first) * 2 * Groups);
        nint panelBytes = QuantizeJob.PanelBytes(_columns);
        var panel = _codes + (first / ByteProducts.Rows * panelBytes);
        for (var i = 0; i < count; i += ByteProducts.Rows)
        {
            ByteProducts.Run<TVector>(panel, digits, digits + Groups, Groups, constants.HighStart, constants.LowStart, highs + i, lows + i);
            panel += panelBytes;
        }

        var high = TVector.Broadcast(constants.High);
        var low = TVector.Broadcast(constants.Low);
        var perScale = TVector.Broadcast(constants.PerScale);
        var always = TVector.Broadcast(constants.Always);
        for (nint i = 0; i < count; i += TVector.Width)
        {
            var units = TVector.MultiplyAdd(TVector.LoadIntegers(highs + i), high, TVector.MultiplyAdd(TVector.LoadIntegers(lows + i), low, perScale));
            TVector.Store(TVector.MultiplyAdd(TVector.Load(_scales + first + i), units, always), bounds + i);
        }
    }

    private void Prepare(QuantizedItems items, float* q, int query)
    {
        double square = 0, most = 0;
        for (var d = 0; d < _columns; d++)
        {
            square += (double)q[d] * q[d];
            most = Math.Max(most, Math.Abs(q[d]));
        }

        var high = (sbyte*)(_digits + (query * 2 * Groups));
        var low = high + (4 * Groups);
        new Span<int>(high, 2 * Groups).Clear();
        var norm = Math.Sqrt(square);
        if (!(norm < Huge && items.LargestRow < Huge && norm * items.LargestRow < Huge))
        {
            // Where the bound itself might overflow every candidate is scored, and what is no number found.
            _constants[query] = new() { Always = float.NaN };
            return;
        }

        var unit = Math.Max(most / MostUnits, 1e-30);
        int highSum = 0, lowSum = 0;
        double lost = 0, highSquare = 0, lowSquare = 0;
        for (var d = 0; d < _columns; d++)
        {
            var units = (int)Math.Round(q[d] / unit);
            var upper = (units + 64) >> 7;
            var lower = units - (128 * upper);
            (high[d], low[d]) = ((sbyte)upper, (sbyte)lower);
            (highSum, lowSum) = (highSum + upper, lowSum + lower);
            lost += (q[d] - (units * unit)) * (q[d] - (units * unit));
            highSquare += upper * upper;
            lowSquare += lower * lower;
        }

        var parts = unit * ((128 * Math.Sqrt(highSquare)) + Math.Sqrt(lowSquare));
        var always = (Math.Sqrt(lost) * items.LargestCoded) + ((_columns + 32) * Rounding * ((norm * items.LargestRow) + (parts * items.LargestCoded)));
        _constants[query] = new()
        {
            HighStart = -QuantizeJob.Zero * highSum,
            LowStart = -QuantizeJob.Zero * lowSum,
            High = (float)(128 * unit),
            Low = (float)unit,
            PerScale = (float)(norm * items.ErrorPerScale * 1.000001),
            Always = (float)((always * 1.000001) + 1e-36),
        };
    }

    private struct Constants
    {
        public int HighStart;
        public int LowStart;
        public float High;
        public float Low;
        public float PerScale;
        public float Always;
    }
}

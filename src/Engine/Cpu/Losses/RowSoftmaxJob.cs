using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// Rows of logits, each with a label: their losses, log Σ_j exp z_j − z_y, and in place of the logits p_j − [j = y] times a factor; zeros for a row without a
/// label.
/// </summary>
internal unsafe struct RowSoftmaxJob : IChunkJob
{
    private const int RowsPerChunk = 8;

    /// <summary>Values whose exponentials are added in float32 before they go to the float64 sum.</summary>
    private const int ValuesPerSum = 2048;

    private float* _logits;
    private nint _stride;
    private int _rows;
    private int _columns;
    private int* _labels;
    private float _inverseTemperature;
    private float _factor;
    private double* _sums;

    /// <summary>Returns the sum of the rows' losses.</summary>
    /// <param name="factor">What the gradients' coefficients are multiplied with; 0 where they are not wanted.</param>
    public static double Run(
        CpuDevice device, float* logits, nint stride, int rows, int columns, int* labels, float inverseTemperature, float factor)
    {
        var chunks = (rows + RowsPerChunk - 1) / RowsPerChunk;
        using var sums = device.Scratch.Rent(2L * chunks);
        var job = new RowSoftmaxJob
        {
            _logits = logits,
            _stride = stride,
            _rows = rows,
            _columns = columns,
            _labels = labels,
            _inverseTemperature = inverseTemperature,
            _factor = factor,
            _sums = (double*)sums.Pointer,
        };
        device.Workers.Run(chunks, ref job);
        var total = 0.0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            total += job._sums[chunk];
        }

        return total;
    }

    public readonly void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var sum = 0.0;
        var end = Math.Min(_rows, (chunk + 1) * RowsPerChunk);
        for (nint row = chunk * RowsPerChunk; row < end; row++)
        {
            var logits = _logits + (row * _stride);
            if (_labels[row] != 0)
            {
                sum += RunRow<TVector>(logits, _labels[row]);
            }
            else if (_factor != 0)
            {
                new Span<float>(logits, _columns).Clear();
            }
        }

        _sums[chunk] = sum;
    }

    private readonly double RunRow<TVector>(float* logits, int label)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var ofLabel = logits[label];
        var maximum = Maximum<TVector>(logits);

        // The label's own term stays apart, so that a sure prediction keeps a gradient that 1 − p would round away.
        logits[label] = float.NegativeInfinity;
        var others = 0.0;
        for (var start = 0; start < _columns; start += ValuesPerSum)
        {
            others += Exponentials<TVector>(logits + start, Math.Min(ValuesPerSum, _columns - start), maximum);
        }

        var toLabel = (ofLabel - maximum) * _inverseTemperature;
        var sum = others + Elementary.Exp(new Float1(toLabel)).Value;
        if (_factor != 0)
        {
            Scale<TVector>(logits, (float)(_factor / sum));
            logits[label] = (float)(-_factor * (others / sum));
        }

        return NaturalLogarithm.Of(sum) - toLabel;
    }

    private readonly float Maximum<TVector>(float* logits)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint r = 0;
        var largest = logits[0];
        if (_columns >= TVector.Width)
        {
            var lanes = TVector.Load(logits);
            for (r = TVector.Width; r <= _columns - TVector.Width; r += TVector.Width)
            {
                lanes = TVector.Max(lanes, TVector.Load(logits + r));
            }

            largest = TVector.MaxLane(lanes);
        }

        for (; r < _columns; r++)
        {
            largest = logits[r] > largest ? logits[r] : largest;
        }

        return largest;
    }

    /// <summary>values = exp((values − maximum)/τ); their sum.</summary>
    private readonly float Exponentials<TVector>(float* values, int count, float maximum)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (shift, scale) = (TVector.Broadcast(maximum), TVector.Broadcast(_inverseTemperature));
        var lanes = TVector.Zero;
        nint r = 0;
        for (; r <= count - TVector.Width; r += TVector.Width)
        {
            var value = Elementary.Exp((TVector.Load(values + r) - shift) * scale);
            lanes += value;
            TVector.Store(value, values + r);
        }

        var sum = TVector.Sum(lanes);
        for (; r < count; r++)
        {
            values[r] = Elementary.Exp(new Float1((values[r] - maximum) * _inverseTemperature)).Value;
            sum += values[r];
        }

        return sum;
    }

    private readonly void Scale<TVector>(float* values, float factor)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scale = TVector.Broadcast(factor);
        nint r = 0;
        for (; r <= _columns - TVector.Width; r += TVector.Width)
        {
            TVector.Store(TVector.Load(values + r) * scale, values + r);
        }

        for (; r < _columns; r++)
        {
            values[r] *= factor;
        }
    }
}

using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Losses;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Losses;

/// <summary>Arguments of a sampled softmax, made from a seed, and what a device makes of them.</summary>
internal sealed class SampledSoftmaxCase
{
    public const float Temperature = 0.05f;

    public SampledSoftmaxCase(int tokens, int negatives, int columns, int items, int seed, float scale = 1)
    {
        (Tokens, NegativesPerToken, Columns, Items) = (tokens, negatives, columns, items);
        var state = (ulong)seed + 0x9E3779B97F4A7C15;
        QueryValues = Unit(tokens, columns, scale, ref state);
        ItemValues = Unit(items, columns, 1, ref state);
        Labels = new int[tokens];
        Negatives = new int[tokens * negatives];
        for (var i = 0; i < Labels.Length; i++)
        {
            Labels[i] = (int)(Next(ref state) % (uint)items);
        }

        for (var i = 0; i < Negatives.Length; i++)
        {
            Negatives[i] = (int)(Next(ref state) % (uint)items);
        }
    }

    public int Tokens { get; }

    public int NegativesPerToken { get; }

    public int Columns { get; }

    public int Items { get; }

    public float[] QueryValues { get; }

    public float[] ItemValues { get; }

    public int[] Labels { get; }

    public int[] Negatives { get; }

    public float Weight => 1f / Math.Max(1, Tokens);

    public SampledSoftmaxReference Reference() =>
        SampledSoftmaxReference.Compute(QueryValues, ItemValues, Labels, Negatives, Columns, Temperature, Weight);

    /// <param name="summation">How the items' gradient is summed.</param>
    /// <param name="gap">Columns of a wider tensor left of and right of every matrix.</param>
    public SampledSoftmaxResult Run(CpuDevice device, ItemSummation summation = ItemSummation.Tables, int gap = 0)
    {
        Choose(device, summation);
        using var step = device.BeginStep();
        var queries = Upload(device, QueryValues, Tokens, gap);
        var items = Upload(device, ItemValues, Items, gap);
        var (labels, negatives) = (device.Upload(Labels), device.Upload(Negatives));
        var loss = device.Upload([float.NaN], Shape.Scalar);
        device.Loss.SampledSoftmax(queries, items, labels, negatives, Temperature, Weight, loss, null, null);
        var forward = loss.ToScalar();

        var queryGradient = Upload(device, Filled(QueryValues.Length), Tokens, gap);
        var itemGradient = Upload(device, Filled(ItemValues.Length), Items, gap);
        device.Loss.SampledSoftmax(queries, items, labels, negatives, Temperature, Weight, loss, queryGradient, itemGradient);
        return new SampledSoftmaxResult(forward, loss.ToScalar(), queryGradient.ToArray(), itemGradient.ToArray());
    }

    /// <summary>The same of the rows in use only, with the gradient written over them: the items' gradient has a row for each of these.</summary>
    public (SampledSoftmaxResult Result, int[] Rows) RunOfRows(CpuDevice device, ItemSummation summation)
    {
        Choose(device, summation);
        using var step = device.BeginStep();
        var rows = new RowGradient(device, Items, Columns);
        var (labels, negatives) = (device.Upload(Labels), device.Upload(Negatives));
        device.Embedding.CollectRows(rows, labels, negatives);
        var used = rows.Rows.ToArray();
        device.Upload([.. used.SelectMany(r => ItemValues.AsSpan(r * Columns, Columns).ToArray())], rows.Values);
        var loss = device.Upload([float.NaN], Shape.Scalar);
        var queries = Upload(device, QueryValues, Tokens, 0);
        var queryGradient = Upload(device, Filled(QueryValues.Length), Tokens, 0);
        device.Loss.SampledSoftmax(queries, rows.Values, labels, negatives, Temperature, Weight, loss, queryGradient, rows.Values, Items, rows.Rows);
        return (new SampledSoftmaxResult(loss.ToScalar(), loss.ToScalar(), queryGradient.ToArray(), rows.Values.ToArray()), used);
    }

    private static void Choose(CpuDevice device, ItemSummation summation)
    {
        var operations = (CpuLossOperations)device.Loss;
        operations.TableBytes = summation == ItemSummation.Tables ? 64L << 20 : -1;
        operations.RangedBytes = summation == ItemSummation.Ranges ? 0 : long.MaxValue;
    }

    private static float[] Filled(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }

    private static uint Next(ref ulong state)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (uint)(state >> 32);
    }

    private static float[] Unit(int rows, int columns, float scale, ref ulong state)
    {
        var values = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var cells = values.AsSpan(row * columns, columns);
            var square = 0.0;
            foreach (ref var cell in cells)
            {
                cell = (Next(ref state) / 4294967296f) - 0.5f;
                square += cell * cell;
            }

            foreach (ref var cell in cells)
            {
                cell *= scale / (float)Math.Sqrt(square);
            }
        }

        return values;
    }

    private Tensor Upload(CpuDevice device, float[] values, int rows, int gap)
    {
        var wide = device.Allocate(Shape.Matrix(rows, Columns + (2 * gap)));
        device.Upload(Filled(rows * wide.Columns), wide);
        var tensor = wide.SliceColumns(gap, Columns);
        device.Upload(values, tensor);
        return tensor;
    }
}

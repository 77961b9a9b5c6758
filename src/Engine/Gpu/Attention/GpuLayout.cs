using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>A jagged layout on the device, made once a step.</summary>
/// <param name="Rows">
/// [2·T] or, with times, [4·T]: the first row of each row's sequence, the row after its last, both the row itself where it belongs to none; the seconds of
/// the event and of the next.
/// </param>
/// <param name="Offsets">[B + 1].</param>
internal sealed record GpuLayout(IndexTensor Rows, IndexTensor Offsets)
{
    /// <summary>The layout's form on the device, as long as the step's memory that holds it lives.</summary>
    public static GpuLayout Of(GpuDevice device, JaggedLayout layout)
    {
        if (layout.Preparation is GpuLayout known && known.Rows.IsAlive && ReferenceEquals(known.Rows.Device, device))
        {
            return known;
        }

        var rows = device.HostBuffer(RowValues(layout));
        FillRows(layout, rows);
        var made = new GpuLayout(device.Upload(rows), device.Upload(layout.Offsets));
        layout.Preparation = made;
        return made;
    }

    /// <summary>How many values <see cref="Rows"/> has.</summary>
    public static int RowValues(JaggedLayout layout) => checked((layout.HasTimes ? 4 : 2) * layout.Tokens);

    /// <summary>Writes the values of <see cref="Rows"/>.</summary>
    public static void FillRows(JaggedLayout layout, Span<int> rows)
    {
        var tokens = layout.Tokens;
        for (var b = 0; b < layout.Sequences; b++)
        {
            var (first, end) = (layout.Offsets[b], layout.Offsets[b + 1]);
            rows.Slice(first, end - first).Fill(first);
            rows.Slice(tokens + first, end - first).Fill(end);
        }

        for (var row = tokens - layout.TrailingRows; row < tokens; row++)
        {
            (rows[row], rows[tokens + row]) = (row, row);
        }

        if (layout.HasTimes)
        {
            layout.EventSeconds.AsSpan(0, tokens).CopyTo(rows[(2 * tokens)..]);
            layout.NextSeconds.AsSpan(0, tokens).CopyTo(rows[(3 * tokens)..]);
        }
    }
}

namespace LargeRec.Engine.Tensors;

/// <summary>
/// The gradient of a table of which a step uses some rows only: the numbers of those rows, ascending, and a row of values for each. All uses add into it, so
/// that it is coalesced as it grows. It outlives steps and keeps its memory: as much as the most rows that the shapes seen so far can use.
/// </summary>
public sealed class RowGradient
{
    private IndexTensor? _rows;
    private Tensor? _values;

    /// <param name="device">The table's.</param>
    /// <param name="tableRows">V.</param>
    /// <param name="columns">D.</param>
    public RowGradient(Device device, int tableRows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tableRows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        (Device, TableRows, Columns) = (device, tableRows, columns);
    }

    public Device Device { get; }

    /// <summary>V, the rows of the table.</summary>
    public int TableRows { get; }

    /// <summary>D.</summary>
    public int Columns { get; }

    /// <summary>U, the rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>[U], ascending, each once; row 0 is always among them.</summary>
    public IndexTensor Rows => _rows?.First(Count) ?? throw Unassigned();

    /// <summary>[U, D].</summary>
    public Tensor Values => _values?.SliceRows(0, Count) ?? throw Unassigned();

    /// <summary>Gives its memory back.</summary>
    public void Release()
    {
        Count = 0;
        if (_rows is not null && _values is not null)
        {
            Device.Release(_rows);
            Device.Release(_values);
            (_rows, _values) = (null, null);
        }
    }

    public override string ToString() => $"row gradient of {Count} among [{TableRows}, {Columns}]";

    /// <summary>Room for so many rows, whose numbers and values are undefined.</summary>
    internal IndexTensor Reserve(long rows)
    {
        var capacity = (int)Math.Min(TableRows, rows);
        if (_rows is null || _rows.Length < capacity)
        {
            // Not filled: what is never used is never made resident.
            Release();
            _rows = Device.AllocatePersistentIndices(capacity);
            _values = Device.AllocatePersistentUndefined(Shape.Matrix(capacity, Columns));
        }

        return _rows;
    }

    internal void Use(int count) => Count = count;

    private InvalidOperationException Unassigned() => new($"This {this} has no rows yet: collect them first.");
}

using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd;

/// <summary>
/// The gradient of a table by the rows that are used: one row gradient a forward pass, into which all uses within the pass add, and the sum of the passes since
/// it was cleared. A pass is folded into the sum when the next one begins or the gradient is asked for: in the order of the passes.
/// </summary>
internal sealed class RowGradients(Tensor table)
{
    private RowGradient? _pass;
    private RowGradient? _sum;
    private RowGradient? _spare;
    private bool _hasPass;
    private bool _hasSum;
    private bool _isLent;

    public bool Any => _hasPass || _hasSum;

    /// <summary>The values of the pass at work, where it has any.</summary>
    public Tensor? Traced => _hasPass && !_isLent ? _pass!.Values : null;

    /// <summary>Begins a pass.</summary>
    public RowGradient Collect(ReadOnlySpan<IndexTensor> ids)
    {
        if (_hasPass)
        {
            Fold();
        }

        _isLent = false;
        _pass ??= NewGradient();
        table.Device.Embedding.CollectRows(_pass, ids);
        return _pass;
    }

    /// <summary>Lends the memory of the pass's values, which nobody has written yet, to the function that is to write them first.</summary>
    public Tensor Lend(RowGradient rows)
    {
        RequireCurrent(rows);
        if (_isLent || _hasPass)
        {
            throw new InvalidOperationException($"the values of the {rows} are in use: one loss a forward pass may keep the vectors of its rows there");
        }

        _isLent = true;
        return rows.Values;
    }

    public void Return(RowGradient rows)
    {
        RequireCurrent(rows);
        _isLent = false;
    }

    /// <summary>Where a function's backward puts the gradient of the pass's rows: written the first time, added from then on.</summary>
    public GradientTarget Target(RowGradient rows)
    {
        RequireCurrent(rows);
        if (_isLent)
        {
            throw new InvalidOperationException($"the values of the {rows} are in use by a loss whose backward has not run; record the loss last");
        }

        var target = new GradientTarget(rows.Values, _hasPass);
        _hasPass = true;
        return target;
    }

    /// <summary>All passes together; null where nothing has come.</summary>
    public RowGradient? Coalesce()
    {
        if (_hasPass && !_hasSum)
        {
            return _pass;
        }

        if (_hasPass)
        {
            Fold();
        }

        return _hasSum ? _sum : null;
    }

    public void Clear() => (_hasPass, _hasSum, _isLent) = (false, false, false);

    private void Fold()
    {
        if (!_hasSum)
        {
            (_sum, _pass) = (_pass, _sum);
        }
        else
        {
            _spare ??= NewGradient();
            table.Device.Embedding.MergeRows(_sum!, _pass!, _spare);
            (_sum, _spare) = (_spare, _sum);
        }

        (_hasSum, _hasPass) = (true, false);
    }

    private RowGradient NewGradient() => new(table.Device, table.Rows, table.Columns);

    private void RequireCurrent(RowGradient rows)
    {
        if (!ReferenceEquals(rows, _pass))
        {
            throw new InvalidOperationException($"the {rows} is not of this table's forward pass at work; collect its rows first");
        }
    }
}

using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>
/// The sampled softmax loss over the normalised rows of a table, of which only those that the pass uses are touched: <see cref="L2Normalize"/> and
/// <see cref="SampledSoftmax"/> in one, with the same bits. Gradients add up in normalised space, then the norm's Jacobian is applied once a row. The row
/// gradient's own memory holds the rows' vectors, then the gradient of those, then the rows'.
/// </summary>
public sealed class SampledSoftmaxRows : SingleOutputFunction
{
    private readonly Variable _queries;
    private readonly Variable _table;
    private readonly RowGradient _rows;
    private readonly float _epsilon;
    private Tensor? _queryGradient;

    private SampledSoftmaxRows(Variable queries, Variable table, RowGradient rows, float epsilon) =>
        (_queries, _table, _rows, _epsilon) = (queries, table, rows, epsilon);

    public override string Name => "sampled softmax of rows";

    /// <param name="queries">[T, D], normalised.</param>
    /// <param name="table">[V, D], as it is.</param>
    /// <param name="epsilon">A row counts x/max(‖x‖, epsilon).</param>
    /// <param name="rows">The rows of the table collected for this pass, of which this is the only loss.</param>
    /// <param name="labels">[T], places among the rows; 0 is no label.</param>
    /// <param name="negatives">[T·R], places among the rows.</param>
    /// <param name="weight">What each token counts: 1 over the step's labelled tokens.</param>
    public static Variable Apply(
        Tape tape, Variable queries, Variable table, float epsilon, RowGradient rows, IndexTensor labels, IndexTensor negatives, float temperature,
        float weight)
    {
        var function = new SampledSoftmaxRows(queries, table, rows, epsilon);
        var device = tape.Device;
        var loss = device.Allocate(Shape.Scalar);
        var vectors = table.Rows.Lend(rows);
        var isRecorded = tape.RequiresGradient(function, queries, table);
        if (isRecorded)
        {
            function._queryGradient = device.Allocate(queries.Shape);
        }

        device.Normalization.L2NormalizeRows(table.Value, rows.Rows, epsilon, vectors);
        device.Loss.SampledSoftmax(
            queries.Value, vectors, labels, negatives, temperature, weight, loss, function._queryGradient, isRecorded ? vectors : null, table.Shape.Rows,
            rows.Rows);
        return tape.Record(function, loss, queries, table);
    }

    protected override void Backward(Tensor dOutput)
    {
        var gradient = _rows.Values;
        if (Tape.IsSeed(dOutput))
        {
            if (!_queries.Adopt(_queryGradient!))
            {
                Device.Release(_queryGradient!);
            }
        }
        else
        {
            // The loss is part of a larger one.
            var factor = dOutput.ToScalar();
            Give(_queries, Scaled(_queryGradient!, factor));
            Device.Release(_queryGradient!);
            gradient = Save(Scaled(gradient, factor));
        }

        _table.Rows.Return(_rows);
        Device.Normalization.L2NormalizeRowsBackward(_table.Value, _rows.Rows, _epsilon, gradient, _table.Rows.Target(_rows));
    }

    private Tensor Scaled(Tensor values, float factor)
    {
        var scaled = Device.Allocate(values.Shape);
        Device.Pointwise.Fill(scaled, 0);
        Device.Pointwise.Add(values, scaled, factor);
        return scaled;
    }
}

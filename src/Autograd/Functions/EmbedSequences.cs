using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>The input of a sequence model: dropout(table[id]·scale + position), 0 for padding.</summary>
public sealed class EmbedSequences : SingleOutputFunction
{
    private readonly Variable _table;
    private readonly Variable? _positions;
    private readonly IndexTensor _ids;
    private readonly JaggedLayout _layout;
    private readonly float _scale;
    private readonly DropoutSite _dropout;
    private readonly UsedRows? _rows;

    private EmbedSequences(Variable table, Variable? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, UsedRows? rows) =>
        (_table, _positions, _ids, _layout, _scale, _dropout, _rows) = (table, positions, ids, layout, scale, dropout, rows);

    public override string Name => "embed sequences";

    /// <param name="table">[V, D].</param>
    /// <param name="positions">[at least the longest sequence, D], or none.</param>
    /// <param name="ids">[T].</param>
    /// <param name="rows">Where the table's gradient is kept by row: the rows collected, and the places of the ids among them.</param>
    public static Variable Apply(
        Tape tape, Variable table, Variable? positions, IndexTensor ids, JaggedLayout layout, float scale, DropoutSite dropout, UsedRows? rows = null)
    {
        var output = tape.Device.Allocate(Shape.Matrix(layout.Tokens, table.Shape.Columns));
        tape.Device.Embedding.EmbedSequences(table.Value, positions?.Value, ids, layout, scale, dropout, output);
        return tape.Record(new EmbedSequences(table, positions, ids, layout, scale, dropout, rows), output, table, positions);
    }

    protected override void Backward(Tensor dOutput) => Device.Embedding.EmbedSequencesBackward(
        _rows?.Ids ?? _ids, _layout, _scale, _dropout, dOutput, _rows is null ? Target(_table) : _table.Rows.Target(_rows.Rows), TargetOrNone(_positions));
}

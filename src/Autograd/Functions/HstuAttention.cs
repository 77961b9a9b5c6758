using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>HSTU's pointwise attention within the sequences of a jagged batch; the formula is <see cref="AttentionOperations.Hstu"/>'s.</summary>
public sealed class HstuAttention : SingleOutputFunction
{
    private readonly Variable _queries;
    private readonly Variable _keys;
    private readonly Variable _values;
    private readonly Variable? _positionBias;
    private readonly Variable? _timeBias;
    private readonly JaggedLayout _layout;
    private readonly int _heads;
    private readonly int _normalizer;

    private HstuAttention(
        Variable queries, Variable keys, Variable values, Variable? positionBias, Variable? timeBias, JaggedLayout layout, int heads, int normalizer)
    {
        (_queries, _keys, _values) = (queries, keys, values);
        (_positionBias, _timeBias) = (positionBias, timeBias);
        (_layout, _heads, _normalizer) = (layout, heads, normalizer);
    }

    public override string Name => "hstu attention";

    private HstuAttentionInputs Inputs => new(_queries.Value, _keys.Value, _values.Value, _heads, _normalizer, _positionBias?.Value, _timeBias?.Value);

    /// <param name="queries">[T, H·dqk].</param>
    /// <param name="keys">[T, H·dqk].</param>
    /// <param name="values">[T, H·dv].</param>
    /// <param name="positionBias">[2N − 1], or none.</param>
    /// <param name="timeBias">[129], or none.</param>
    /// <param name="normalizer">N.</param>
    public static Variable Apply(
        Tape tape,
        Variable queries,
        Variable keys,
        Variable values,
        Variable? positionBias,
        Variable? timeBias,
        JaggedLayout layout,
        int heads,
        int normalizer)
    {
        var function = new HstuAttention(queries, keys, values, positionBias, timeBias, layout, heads, normalizer);
        var output = tape.Device.Allocate(values.Shape);
        tape.Device.Attention.Hstu(function.Inputs, layout, output);
        return tape.Record(function, output, queries, keys, values, positionBias, timeBias);
    }

    protected override void Backward(Tensor dOutput) => Device.Attention.HstuBackward(
        Inputs,
        _layout,
        dOutput,
        new HstuAttentionGradients(Target(_queries), Target(_keys), Target(_values), TargetOrNone(_positionBias), TargetOrNone(_timeBias)));
}

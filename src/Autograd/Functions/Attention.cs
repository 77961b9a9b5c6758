using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>Attention of any weighting within the sequences of a jagged batch; the formula is <see cref="AttentionOperations.Attend"/>'s.</summary>
public sealed class Attention : SingleOutputFunction
{
    private readonly Variable? _queries;
    private readonly Variable? _keys;
    private readonly Variable _values;
    private readonly Variable? _positionBias;
    private readonly Variable? _timeBias;
    private readonly TimePowerBias? _timePower;
    private readonly JaggedLayout _layout;
    private readonly AttentionSetting _setting;
    private Tensor? _logSums;

    private Attention(
        Variable? queries,
        Variable? keys,
        Variable values,
        Variable? positionBias,
        Variable? timeBias,
        TimePowerBias? timePower,
        JaggedLayout layout,
        AttentionSetting setting)
    {
        (_queries, _keys, _values) = (queries, keys, values);
        (_positionBias, _timeBias, _timePower) = (positionBias, timeBias, timePower);
        (_layout, _setting) = (layout, setting);
    }

    public override string Name => "attention";

    private AttentionInputs Inputs => new(_queries?.Value, _keys?.Value, _values.Value, _setting.Heads, _setting.Normalizer)
    {
        KeyHeads = _setting.KeyHeads,
        Weighting = _setting.Weighting,
        Scale = _setting.Scale,
        PositionBias = _positionBias?.Value,
        TimeBias = _timeBias?.Value,
        TimePower = _timePower?.Value,
        Dropout = _setting.Dropout,
    };

    /// <param name="queries">[T, H·dqk]; none where the biases are the weights.</param>
    /// <param name="keys">[T, G·dqk]; none likewise.</param>
    /// <param name="values">[T, G·dv].</param>
    /// <param name="positionBias">[2N − 1], or none.</param>
    /// <param name="timeBias">[129], or none.</param>
    /// <param name="timePower">A time bias by a function instead, or none.</param>
    /// <returns>[T, H·dv].</returns>
    public static Variable Apply(
        Tape tape,
        Variable? queries,
        Variable? keys,
        Variable values,
        Variable? positionBias,
        Variable? timeBias,
        JaggedLayout layout,
        AttentionSetting setting,
        TimePowerBias? timePower = null)
    {
        var function = new Attention(queries, keys, values, positionBias, timeBias, timePower, layout, setting);
        var keyHeads = setting.KeyHeads == 0 ? setting.Heads : setting.KeyHeads;
        var output = tape.Device.Allocate(Shape.Matrix(values.Shape.Rows, values.Shape.Columns / keyHeads * setting.Heads));
        ReadOnlySpan<Variable?> inputs = [queries, keys, values, positionBias, timeBias, timePower?.Factor, timePower?.Exponent];
        if (AttentionOperations.IsSoftmax(setting.Weighting) && tape.RequiresGradient(function, inputs))
        {
            function._logSums = function.Save(tape.Device.Allocate(Shape.Matrix(values.Shape.Rows, setting.Heads)));
        }

        tape.Device.Attention.Attend(function.Inputs, layout, output, function._logSums);
        return tape.Record(function, output, inputs);
    }

    protected override void Backward(Tensor dOutput) => Device.Attention.AttendBackward(
        Inputs,
        _layout,
        Outputs[0].Value,
        _logSums,
        dOutput,
        new HstuAttentionGradients(
            TargetOrNone(_queries), TargetOrNone(_keys), Target(_values), TargetOrNone(_positionBias), TargetOrNone(_timeBias))
        {
            TimePower = (TargetOrNone(_timePower?.Factor), TargetOrNone(_timePower?.Exponent)),
        });
}

using LargeRec.Autograd;
using LargeRec.Data.Batching;
using LargeRec.Engine;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>
/// One step of training: forward, loss, backward, update. Everything a step allocates goes back to the device when it ends. A step of several forwards adds
/// their gradients, each a sum over its tokens divided by the step's, so that 2 x 64 sequences are 1 x 128 but for dropout and negatives, which each forward
/// draws anew.
/// </summary>
public sealed class Trainer(Device device, SequenceModel model, SampledSoftmaxLoss loss, AdamW optimizer, TrainerOptions options)
{
    private readonly JaggedLayout _layout = new();
    private int[] _offsets = [];

    /// <summary>Training forwards so far.</summary>
    public uint ForwardCount { get; private set; }

    /// <summary>Updates so far.</summary>
    public long Step => optimizer.Step;

    /// <summary>The learning rate of the latest update.</summary>
    public double LearningRate { get; private set; }

    /// <summary>The norm of the latest step's gradients, all parameters together, before clipping; null where nothing is clipped.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>
    /// Computes loss and gradients of a batch and forgets them: after the largest batch of a run the device holds all the memory that any step takes, and what
    /// is too large for the machine fails before the first step.
    /// </summary>
    public void Reserve(JaggedBatch largest)
    {
        // Twice, as a pool that grew in pieces becomes one piece when the step ends.
        for (var i = 0; i < 2; i++)
        {
            using var step = device.BeginStep();
            var tape = new Tape(device);
            var context = new ForwardContext(tape, Training: true, options.Seed, ForwardCount: 0);
            tape.Backward(Loss(context, largest, 0, Math.Min(largest.SequenceCount, AtOnce(largest)), 1f / LabelledTokens(largest)));
            ClearGradients();
        }
    }

    /// <summary>Goes on where a trainer stood that had done so many training forwards.</summary>
    public void Resume(uint forwardCount) => ForwardCount = forwardCount;

    /// <summary>Learns from a batch; the mean loss over its labelled tokens.</summary>
    /// <exception cref="NonFiniteException">The loss, the norm of the gradients or with tracing any value is NaN or infinite; nothing was updated.</exception>
    public float TrainOn(JaggedBatch batch)
    {
        var number = Step + 1;
        try
        {
            var value = AddGradients(batch);
            LearningRate = options.Schedule?.At(number) ?? optimizer.LearningRate;
            optimizer.Update(LearningRate, ClippingScale());
            if (options.TraceNonFinite)
            {
                CheckParameters();
            }

            return value;
        }
        catch (NonFiniteException exception)
        {
            throw new NonFiniteException($"step {number}: {exception.Message}", exception);
        }
        finally
        {
            // The update has forgotten the gradients; a pass that failed halfway may have left some, and the next step must not add to them.
            ClearGradients();
        }
    }

    /// <summary>Every parameter is finite.</summary>
    /// <exception cref="NonFiniteException">One is not; it is named.</exception>
    public void CheckParameters()
    {
        foreach (var parameter in model.Parameters)
        {
            if (!device.Reduction.AllFinite(parameter.Value))
            {
                throw new NonFiniteException($"adamw: the parameter {parameter.Name} {parameter.Shape} holds NaN or infinity after the update", "adamw");
            }
        }
    }

    private float AddGradients(JaggedBatch batch)
    {
        var weight = 1f / LabelledTokens(batch);
        var atOnce = AtOnce(batch);
        double sum = 0;
        for (var first = 0; first < batch.SequenceCount; first += atOnce)
        {
            ForwardCount++;
            using var step = device.BeginStep();
            var tape = new Tape(device, options.TraceNonFinite);
            var part = Loss(
                new ForwardContext(tape, Training: true, options.Seed, ForwardCount), batch, first, Math.Min(batch.SequenceCount, first + atOnce), weight);
            var value = part.Value.ToScalar();
            if (!float.IsFinite(value))
            {
                throw new NonFiniteException($"the loss is {value}; train again with --trace-nan to have the operation named, and consider a smaller optimizer.learning_rate");
            }

            tape.Backward(part);
            sum += value;
        }

        return (float)sum;
    }

    /// <summary>What the gradients count, so that their norm is at most the one allowed.</summary>
    private float ClippingScale()
    {
        if (options.ClipNorm is not { } most)
        {
            return 1;
        }

        double squares = 0;
        foreach (var parameter in model.Parameters)
        {
            squares += (parameter.Variable.Gradient ?? parameter.Variable.RowGradient?.Values) is { } gradient ? device.Reduction.SumOfSquares(gradient) : 0;
        }

        var norm = Math.Sqrt(squares);
        GradientNorm = norm;
        if (!double.IsFinite(norm))
        {
            throw new NonFiniteException($"the norm of the gradients is {norm}; train again with --trace-nan to have the operation named, and consider a smaller optimizer.learning_rate");
        }

        return norm > most ? (float)(most / norm) : 1;
    }

    private int AtOnce(JaggedBatch batch) => options.SequencesAtOnce ?? batch.SequenceCount;

    private void ClearGradients()
    {
        foreach (var parameter in model.Parameters)
        {
            parameter.Variable.ClearGradient();
        }
    }

    private int LabelledTokens(JaggedBatch batch)
    {
        var labelled = batch.TokenCount - batch.Labels.Count(0);
        return labelled > 0 ? labelled : throw new ArgumentException($"step {Step + 1}: no event of the batch has one after it to learn from");
    }

    /// <summary>Σ loss · weight over the labelled tokens of some of the batch's sequences.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The one after the last.</param>
    private Variable Loss(ForwardContext context, JaggedBatch batch, int first, int end, float weight)
    {
        var tokens = batch.Offsets[first]..batch.Offsets[end];
        _layout.Assign(
            OffsetsFrom(batch.Offsets[first..(end + 1)]),
            model.NeedsTimes ? batch.EventSeconds[tokens] : default,
            model.NeedsTimes ? batch.NextSeconds[tokens] : default);
        var input = new SequenceBatch(_layout, device.Upload(batch.Items[tokens]));
        var labels = device.Upload(batch.Labels[tokens]);
        if (!options.RowGradients)
        {
            return loss.Forward(context, model.Encode(context, input), model.Items(context), labels, weight);
        }

        var rows = loss.CollectRows(context, model, device.Upload(batch.Items[tokens]), labels);
        return loss.Forward(context, model.Encode(context, input with { UsedRows = rows.ToInput() }), model, rows, weight);
    }

    /// <summary>The offsets of a part, counted from its own first token.</summary>
    private ReadOnlySpan<int> OffsetsFrom(ReadOnlySpan<int> part)
    {
        if (part[0] == 0)
        {
            return part;
        }

        if (_offsets.Length < part.Length)
        {
            _offsets = new int[part.Length];
        }

        for (var i = 0; i < part.Length; i++)
        {
            _offsets[i] = part[i] - part[0];
        }

        return _offsets.AsSpan(0, part.Length);
    }
}

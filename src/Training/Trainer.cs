using System.Runtime.InteropServices;
using LargeRec.Autograd;
using LargeRec.Data.Batching;
using LargeRec.Engine;
using LargeRec.Engine.Profiling;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>
/// One step of training: forward, loss, backward, update. Everything a step allocates goes back to the device when it ends. A step of several forwards adds
/// their gradients, each a sum over its tokens divided by the step's, so that 2 x 64 sequences are 1 x 128 but for dropout and negatives, which each forward
/// draws anew. On a device that records steps (<see cref="Device.Repeat"/>) a step is padded to a size class, recorded once a class and replayed.
/// </summary>
public sealed class Trainer(Device device, SequenceModel model, SequenceLoss loss, AdamW optimizer, TrainerOptions options)
{
    private readonly StepInputs _inputs = device.NewStepInputs();
    private readonly IndexTensor[] _arrays = new IndexTensor[2];
    private readonly List<Tensor> _gradients = [];
    private JaggedLayout _layout = new();
    private JaggedLayout _otherLayout = new();
    private (JaggedBatch Batch, int First, int End)? _sent;
    private int[] _offsets = [];
    private int[] _hostIds = [];
    private Tensor? _loss;

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
            var (batch, labels) = Take(largest, 0, Math.Min(largest.SequenceCount, AtOnce(largest)));
            AddGradients(new Tape(device), forwardCount: 0, batch, labels, 1f / LabelledTokens(largest));
            ClearGradients();
        }
    }

    /// <summary>Goes on where a trainer stood that had done so many training forwards.</summary>
    public void Resume(uint forwardCount) => ForwardCount = forwardCount;

    /// <summary>Learns from a batch; the mean loss over its labelled tokens.</summary>
    /// <param name="batch">Sequences with labels.</param>
    /// <param name="next">
    /// Gives the batch that the following call learns from, if one is known: asked for while the device computes, so that it is prepared and copied meanwhile.
    /// That batch stays as it is until then; <paramref name="batch"/> is no longer needed when it is called.
    /// </param>
    /// <exception cref="NonFiniteException">The loss, the norm of the gradients or with tracing any value is NaN or infinite; nothing was updated.</exception>
    public float TrainOn(JaggedBatch batch, Func<JaggedBatch?>? next = null)
    {
        var number = Step + 1;
        try
        {
            var value = AddGradients(batch, next);
            LearningRate = options.Schedule?.At(number) ?? optimizer.LearningRate;
            optimizer.Update(LearningRate, ClippingScale());
            device.Profile?.Mark("optimizer", ProfilePhase.Update);
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

    private float AddGradients(JaggedBatch batch, Func<JaggedBatch?>? next)
    {
        var weight = 1f / LabelledTokens(batch);
        var (atOnce, count) = (AtOnce(batch), batch.SequenceCount);
        double sum = 0;
        for (var first = 0; first < count; first += atOnce)
        {
            ForwardCount++;
            using var step = device.BeginStep();
            var (part, labels) = Take(batch, first, Math.Min(count, first + atOnce));
            AddGradients(part, labels, weight, first > 0);

            // The device has its work; what comes next crosses over before its result is waited for.
            if (first + atOnce < count)
            {
                Send(batch, first + atOnce, Math.Min(count, first + (2 * atOnce)));
            }
            else if (next?.Invoke() is { SequenceCount: > 0 } following)
            {
                Send(following, 0, Math.Min(following.SequenceCount, AtOnce(following)));
            }

            var value = _loss!.ToScalar();
            if (!float.IsFinite(value))
            {
                throw new NonFiniteException($"the loss is {value}; train again with --trace-nan to have the operation named, and consider a smaller "
                    + "optimizer.learning_rate");
            }

            sum += value;
        }

        return (float)sum;
    }

    /// <summary>Forward, loss and backward of a part; the loss is on the device.</summary>
    /// <param name="adds">There are gradients of the step already.</param>
    private void AddGradients(SequenceBatch part, IndexTensor labels, float weight, bool adds)
    {
        var count = ForwardCount;
        if (options.TraceNonFinite)
        {
            // Looks at values in between.
            AddGradients(new Tape(device, traceNonFinite: true), count, part, labels, weight);
        }
        else if (!device.Repeat(
            new StepKey(this, part.Layout.Tokens, part.Layout.Sequences, adds),
            new StepValues { ForwardCount = count, LossWeight = weight },
            () => AddGradients(new Tape(device), count, part, labels, weight),
            part.Layout,
            part.Items,
            labels))
        {
            foreach (var parameter in model.Parameters)
            {
                parameter.Variable.RestoreGradient();
            }
        }
    }

    private void AddGradients(Tape tape, uint forwardCount, SequenceBatch part, IndexTensor labels, float weight)
    {
        var context = new ForwardContext(tape, Training: true, options.Seed, forwardCount);
        var value = options.RowGradients ? LossByRow(context, part, labels, weight)
            : loss.Forward(context, model.Encode(context, part), model.Items(context), labels, weight);
        _loss ??= device.AllocatePersistent(Shape.Scalar);
        device.Pointwise.Copy(value.Value, _loss);
        tape.Backward(value);
    }

    /// <summary>The loss of a part that touches only the rows of the item table that it uses; labels become places among those.</summary>
    private Variable LossByRow(ForwardContext context, SequenceBatch part, IndexTensor labels, float weight)
    {
        var sampled = loss as SampledSoftmaxLoss
            ?? throw new NotSupportedException($"{loss.GetType().Name} has no gradients by row; take optimizer.table adamw");
        var rows = sampled.CollectRows(context, model, Copy(part.Items), labels);
        return sampled.Forward(context, model.Encode(context, part with { UsedRows = rows.ToInput() }), model, rows, weight);
    }

    /// <summary>The forward pass reads by id, the backward by place. Only devices that record no steps have row gradients, so copying is allowed
    /// here.</summary>
    private IndexTensor Copy(IndexTensor ids)
    {
        if (_hostIds.Length < ids.Length)
        {
            _hostIds = new int[ids.Length];
        }

        device.Download(ids, _hostIds.AsSpan(0, ids.Length));
        var copy = device.Upload(_hostIds.AsSpan(0, ids.Length));
        device.Profile?.Mark("upload", ProfilePhase.Data);
        return copy;
    }

    /// <summary>What the gradients count, so that their norm is at most the one allowed.</summary>
    private float ClippingScale()
    {
        if (options.ClipNorm is not { } most)
        {
            return 1;
        }

        _gradients.Clear();
        foreach (var parameter in model.Parameters)
        {
            if ((parameter.Variable.Gradient ?? parameter.Variable.RowGradient?.Values) is { } gradient)
            {
                _gradients.Add(gradient);
            }
        }

        var norm = Math.Sqrt(device.Reduction.SumOfSquares(CollectionsMarshal.AsSpan(_gradients)));
        _gradients.Clear();
        GradientNorm = norm;
        device.Profile?.Mark("gradient norm", ProfilePhase.Update);
        if (!double.IsFinite(norm))
        {
            throw new NonFiniteException($"the norm of the gradients is {norm}; train again with --trace-nan to have the operation named, and consider a "
                + "smaller optimizer.learning_rate");
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

    /// <summary>Some of the batch's sequences with their labels, on the device, padded to its size class; sent now unless they were.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The one after the last.</param>
    private (SequenceBatch Part, IndexTensor Labels) Take(JaggedBatch batch, int first, int end)
    {
        if (_sent is not { } sent || !ReferenceEquals(sent.Batch, batch) || sent.First != first || sent.End != end)
        {
            Send(batch, first, end);
        }

        _sent = null;
        _inputs.Take(_arrays);
        device.Profile?.Mark("upload", ProfilePhase.Data);
        return (new SequenceBatch(_layout, _arrays[0]), _arrays[1]);
    }

    /// <summary>Begins to copy some of a batch's sequences.</summary>
    private void Send(JaggedBatch batch, int first, int end)
    {
        _sent = null;
        var tokens = batch.Offsets[first]..batch.Offsets[end];
        var count = batch.Offsets[end] - batch.Offsets[first];
        var padding = device.PaddedRows(count) - count;

        // The step that computes has the other one.
        (_layout, _otherLayout) = (_otherLayout, _layout);
        _layout.Assign(
            OffsetsFrom(batch.Offsets[first..(end + 1)]),
            model.NeedsTimes ? batch.EventSeconds[tokens] : default,
            model.NeedsTimes ? batch.NextSeconds[tokens] : default,
            padding);
        _inputs.Begin(_layout);
        _inputs.Add(batch.Items[tokens], padding);
        _inputs.Add(batch.Labels[tokens], padding);
        _inputs.Send();
        _sent = (batch, first, end);
        device.Profile?.Mark("upload", ProfilePhase.Data);
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

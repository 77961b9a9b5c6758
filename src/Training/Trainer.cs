using LargeRec.Autograd;
using LargeRec.Data.Batching;
using LargeRec.Engine;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>One step of training: forward, loss, backward, update. Everything a step allocates goes back to the device when it ends.</summary>
/// <param name="seed">Of dropout and negatives; with the forward count it decides every draw.</param>
/// <param name="traceNonFinite">Check every value and gradient, and name the operation at the first NaN or infinity: slow.</param>
public sealed class Trainer(Device device, SequenceModel model, SampledSoftmaxLoss loss, AdamW optimizer, ulong seed, bool traceNonFinite = false)
{
    private readonly JaggedLayout _layout = new();

    /// <summary>Training forwards so far.</summary>
    public uint ForwardCount { get; private set; }

    /// <summary>Updates so far.</summary>
    public long Step => optimizer.Step;

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
            tape.Backward(Loss(new ForwardContext(tape, Training: true, seed, ForwardCount: 0), largest));
            foreach (var parameter in model.Parameters)
            {
                parameter.Variable.ClearGradient();
            }
        }
    }

    /// <summary>Learns from a batch; the mean loss over its labelled tokens.</summary>
    /// <exception cref="NonFiniteException">The loss, or with tracing any value, is NaN or infinite; nothing was updated.</exception>
    public float TrainOn(JaggedBatch batch)
    {
        ForwardCount++;
        using var step = device.BeginStep();
        var tape = new Tape(device, traceNonFinite);
        try
        {
            var batchLoss = Loss(new ForwardContext(tape, Training: true, seed, ForwardCount), batch);
            var value = batchLoss.Value.ToScalar();
            if (!float.IsFinite(value))
            {
                throw new NonFiniteException($"the loss is {value}; train again with --trace-nan to have the operation named, and consider a smaller optimizer.learning_rate");
            }

            tape.Backward(batchLoss);
            optimizer.Update();
            if (traceNonFinite)
            {
                CheckParameters();
            }

            return value;
        }
        catch (NonFiniteException exception)
        {
            throw new NonFiniteException($"step {ForwardCount}: {exception.Message}", exception);
        }
        finally
        {
            // The update has forgotten the gradients; a pass that failed halfway may have left some, and the next step must not add to them.
            foreach (var parameter in model.Parameters)
            {
                parameter.Variable.ClearGradient();
            }
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

    /// <summary>The mean over the labelled tokens.</summary>
    private Variable Loss(ForwardContext context, JaggedBatch batch)
    {
        var labelled = batch.TokenCount - batch.Labels.Count(0);
        if (labelled == 0)
        {
            throw new ArgumentException($"step {Step + 1}: no event of the batch has one after it to learn from");
        }

        _layout.Assign(batch.Offsets, model.NeedsTimes ? batch.EventSeconds : default, model.NeedsTimes ? batch.NextSeconds : default);
        var queries = model.Encode(context, new SequenceBatch(_layout, device.Upload(batch.Items)));
        return loss.Forward(context, queries, model.Items(context), device.Upload(batch.Labels), 1f / labelled);
    }
}

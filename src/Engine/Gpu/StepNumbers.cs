using LargeRec.Engine.Operations;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu;

/// <summary>
/// The numbers that change from step to step, in device memory where kernels read them: so that a step's launches are the same every time and can be
/// recorded once. A number is sent when it changes, in the queue's order.
/// </summary>
internal sealed class StepNumbers(GpuDevice device)
{
    /// <summary>Where the forward count is.</summary>
    public const int ForwardCount = 0;

    /// <summary>Where the weight of a token in the loss is.</summary>
    public const int LossWeight = 1;

    /// <summary>Where decay, β1, 1 − β1, β2, 1 − β2, lr/(1 − β1^t), 1/√(1 − β2^t), ε and what a gradient counts begin.</summary>
    public const int AdamW = 8;

    private const int Count = 32;

    private readonly int[] _sent = new int[Count];
    private IndexTensor? _array;

    public IndexTensor Array => _array ??= device.UploadPersistent(_sent);

    /// <summary>Sends what a computation will use.</summary>
    public void Set(in StepValues values)
    {
        if (values.ForwardCount is { } count)
        {
            SetForwardCount(count);
        }

        if (values.LossWeight is { } weight)
        {
            SetLossWeight(weight);
        }

        if (values.Update is { } update)
        {
            SetAdamW(update);
        }
    }

    public void SetForwardCount(uint forwardCount) => Set(ForwardCount, [(int)forwardCount]);

    public void SetLossWeight(float weight) => Set(LossWeight, [BitConverter.SingleToInt32Bits(weight)]);

    public void SetAdamW(in AdamWStep step)
    {
        var correction1 = 1 - Math.Pow(step.Beta1, step.Step);
        var correction2 = 1 - Math.Pow(step.Beta2, step.Step);
        Set(
            AdamW,
            [
                Single(1 - (step.LearningRate * step.WeightDecay)), Single(step.Beta1), Single(1 - step.Beta1), Single(step.Beta2), Single(1 - step.Beta2),
                Single(step.LearningRate / correction1), Single(1 / Math.Sqrt(correction2)), Single(step.Epsilon), Single(step.GradientScale),
            ]);
    }

    private static int Single(double value) => BitConverter.SingleToInt32Bits((float)value);

    private void Set(int first, ReadOnlySpan<int> values)
    {
        var sent = _sent.AsSpan(first, values.Length);
        if (_array is not null && values.SequenceEqual(sent))
        {
            return;
        }

        // Only what has arrived counts as sent.
        device.UploadPart(Array, first, values);
        values.CopyTo(sent);
    }
}

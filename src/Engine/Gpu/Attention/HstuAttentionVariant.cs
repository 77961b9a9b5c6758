using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>One of the ways to launch HSTU's attention: the arguments that all of them share.</summary>
internal abstract class HstuAttentionVariant(GpuDevice device)
{
    private IndexTensor? _thresholds;

    protected GpuDevice Device { get; } = device;

    /// <summary>Differences are 32-bit seconds: a bucket beyond them is never reached.</summary>
    private IndexTensor Thresholds => _thresholds ??= UploadThresholds(Device);

    /// <summary>The smallest difference of each bucket.</summary>
    internal static IndexTensor UploadThresholds(GpuDevice device) => device.UploadPersistent(
        Array.ConvertAll(TimeBuckets.Thresholds.ToArray(), t => (int)Math.Min(t, int.MaxValue)));

    public abstract void Forward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output);

    public abstract void Backward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients);

    /// <summary>A launch with what every kernel of attention reads first.</summary>
    protected KernelLaunch Inputs(string kernel, in HstuAttentionInputs inputs, JaggedLayout layout)
    {
        var rows = GpuLayout.Of(Device, layout).Rows;
        var thresholds = Thresholds;
        return Device.Kernel(kernel).Matrix(inputs.Queries).Matrix(inputs.Keys).Matrix(inputs.Values)
            .Array(inputs.PositionBias ?? inputs.Queries).Array(inputs.TimeBias ?? inputs.Queries).Array(rows).Array(thresholds);
    }

    /// <summary>T, H, dqk, dv, N and which biases there are.</summary>
    protected static KernelLaunch Sizes(KernelLaunch launch, in HstuAttentionInputs inputs, JaggedLayout layout) => launch
        .Int32(layout.Tokens).Int32(inputs.Heads).Int32(inputs.Queries.Columns / inputs.Heads).Int32(inputs.Values.Columns / inputs.Heads)
        .Int32(inputs.Normalizer).Int32(inputs.PositionBias is null ? 0 : 1).Int32(inputs.TimeBias is null ? 0 : 1);
}

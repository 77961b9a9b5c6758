using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Optimizers;

/// <summary>Updates on a GPU.</summary>
internal sealed class GpuOptimizerOperations(GpuDevice device) : OptimizerOperations(device)
{
    protected override void AdamWCore(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        device.StepNumbers.SetAdamW(options);
        device.Kernel("optimizer.adamw.plain").Matrix(parameter).Matrix(gradient).Matrix(firstMoment).Matrix(secondMoment)
            .Numbers(StepNumbers.AdamW).Int32(parameter.Rows).Int32(parameter.Columns).Elements(parameter.Shape.Count);
    }
}

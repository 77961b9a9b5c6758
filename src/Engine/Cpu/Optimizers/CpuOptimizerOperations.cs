using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Optimizers;

internal sealed unsafe class CpuOptimizerOperations(CpuDevice device) : OptimizerOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void AdamWCore(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep options)
    {
        double lr = options.LearningRate, beta1 = options.Beta1, beta2 = options.Beta2;
        var factors = new AdamWFactors(
            (float)(1 - (lr * options.WeightDecay)),
            (float)beta1,
            (float)(1 - beta1),
            (float)beta2,
            (float)(1 - beta2),
            (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, options.Step))),
            (float)options.Epsilon,
            (float)(lr / (1 - Math.Pow(beta1, options.Step))),
            options.GradientScale);
        var split = RowSplit.OfValues(parameter, gradient, firstMoment, secondMoment);
        RowJob<AdamWKernel>.Run(
            _device.Workers,
            split,
            new(
                CpuDevice.Pointer(parameter), split.StrideOf(parameter), CpuDevice.Pointer(gradient), split.StrideOf(gradient),
                CpuDevice.Pointer(firstMoment), split.StrideOf(firstMoment), CpuDevice.Pointer(secondMoment), split.StrideOf(secondMoment), factors));
    }
}

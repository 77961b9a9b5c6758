using LargeRec.Cases;
using LargeRec.Cases.Functions;
using LargeRec.Engine;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>An operation case by the variants that a device takes of itself, or by one that is forced.</summary>
/// <param name="Operation">The case.</param>
/// <param name="Variant">Such as "hstu-attention=tiled"; null for the device's own choice.</param>
public sealed record VariantCase(OperationCase Operation, string? Variant)
{
    /// <summary>Every case of every operation, and those of a family again by each of its variants that a target has.</summary>
    public static IEnumerable<VariantCase> All(KernelTarget target) => OperationCases.OnDevices.SelectMany(operation => Of(operation, target));

    public CaseResult Run(Device device) => With(device, Variant is null ? [] : [Variant], () => CaseRunner.Run(Operation, device));

    /// <summary>Something computed by variants that are forced, where the device has variants.</summary>
    public static T With<T>(Device device, string[] forced, Func<T> compute)
    {
        if (device is not GpuDevice gpu)
        {
            return compute();
        }

        gpu.Select(new KernelSelection(forced));
        try
        {
            return compute();
        }
        finally
        {
            gpu.Select(new KernelSelection());
        }
    }

    public override string ToString() => Variant is null ? $"{Operation}" : $"{Operation}, {Variant}";

    private static IEnumerable<VariantCase> Of(OperationCase operation, KernelTarget target)
    {
        yield return new(operation, null);
        var family = operation switch
        {
            HstuAttentionCase => KernelFamilies.HstuAttention,
            LinearCase => KernelFamilies.Product,
            _ when operation.GetType().Name.StartsWith("ProjectionCase", StringComparison.Ordinal) => KernelFamilies.Product,
            _ => null,
        };
        foreach (var variant in family?.Variants.Where(v => v.RunsOn(target) && v.Precision == KernelPrecision.Full) ?? [])
        {
            yield return new(operation, $"{family}={variant}");
        }
    }
}

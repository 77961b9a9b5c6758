using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Products;

internal sealed unsafe class CpuProductOperations(CpuDevice device) : ProductOperations(device), IDisposable
{
    private readonly MatrixProduct _product = new(device.Workers);

    public long ScratchBytes => (long)_product.ScratchBytes;

    public void Dispose() => _product.Dispose();

    protected override void MultiplyCore<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output,
        in Operations.ProductEpilogue epilogue) =>
        _product.Run<TActivation>(new MatrixProductArguments
        {
            Rows = output.Rows,
            Columns = output.Columns,
            Depth = transposeA ? a.Rows : a.Columns,
            Left = CpuDevice.Pointer(a),
            LeftStride = a.RowStride,
            TransposeLeft = transposeA,
            Right = CpuDevice.Pointer(b),
            RightStride = b.RowStride,
            TransposeRight = transposeB,
            Result = CpuDevice.Pointer(output),
            ResultStride = output.RowStride,
            Accumulate = epilogue.Accumulate,
            Bias = CpuDevice.PointerOrNull(epilogue.Bias),
            PreActivation = CpuDevice.PointerOrNull(epilogue.PreActivation),
            PreActivationStride = epilogue.PreActivation?.RowStride ?? 0,
            Residual = CpuDevice.PointerOrNull(epilogue.Residual),
            ResidualStride = epilogue.Residual?.RowStride ?? 0,
        });

    protected override void ProjectionBackwardCore<TActivation>(
        Tensor x, Tensor weight, Tensor? preActivation, Tensor dOutput, GradientTarget dX, GradientTarget dWeight)
    {
        if (dX.Tensor is not { } ofX || dWeight.Tensor is not { } ofWeight || !ProjectionGradients.Takes(x.Rows, weight.Rows, weight.Columns))
        {
            base.ProjectionBackwardCore<TActivation>(x, weight, preActivation, dOutput, dX, dWeight);
            return;
        }

        device.Count?.Add("product", 4.0 * x.Rows * weight.Rows * weight.Columns);
        ProjectionGradients.Run<TActivation>(device, new ProjectionGradients
        {
            Rows = x.Rows,
            InputColumns = weight.Rows,
            OutputColumns = weight.Columns,
            Input = CpuDevice.Pointer(x),
            InputStride = x.RowStride,
            Weight = CpuDevice.Pointer(weight),
            WeightStride = weight.RowStride,
            PreActivation = CpuDevice.PointerOrNull(preActivation),
            PreActivationStride = preActivation?.RowStride ?? 0,
            OutputGradient = CpuDevice.Pointer(dOutput),
            OutputGradientStride = dOutput.RowStride,
            InputGradient = CpuDevice.Pointer(ofX),
            InputGradientStride = ofX.RowStride,
            AddInputGradient = dX.Accumulate,
            WeightGradient = CpuDevice.Pointer(ofWeight),
            WeightGradientStride = ofWeight.RowStride,
            AddWeightGradient = dWeight.Accumulate,
        });
    }
}

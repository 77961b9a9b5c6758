using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Products;

internal sealed class CpuProductOperations(CpuDevice device) : ProductOperations(device)
{
    protected override void MultiplyCore<TActivation>(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor output, in ProductEpilogue epilogue) => throw new NotSupportedException();
}

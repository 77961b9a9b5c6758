using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// Matrix products in float32 with fused multiply-add, on all workers of a device. The same bits for any number of workers. Memory for
/// packed operands is kept between calls: steady use allocates nothing.
/// </summary>
internal sealed unsafe class MatrixProduct(WorkerPool pool) : IDisposable
{
    private readonly ProductScratch _scratch = new();

    /// <summary>Bytes of scratch memory held.</summary>
    public nuint ScratchBytes => _scratch.Bytes;

    /// <summary>Computes a product and applies what its arguments and <typeparamref name="TActivation"/> say (<see cref="MatrixProductArguments"/>).</summary>
    public void Run<TActivation>(in MatrixProductArguments arguments)
        where TActivation : struct, IPointwiseFunction
    {
        var product = arguments;
        Simplify<TActivation>(ref product);
        switch (pool.Width)
        {
            case SimdWidth.Bits512:
                Run<Float512, TActivation>(product);
                break;
            case SimdWidth.Bits256:
                Run<Float256, TActivation>(product);
                break;
            default:
                Run<Float128, TActivation>(product);
                break;
        }
    }

    /// <summary>Computes a product on the calling thread alone, from within a chunk for example.</summary>
    /// <param name="product">The product.</param>
    /// <param name="scratch"><see cref="SerialScratchFloats{TVector}"/> floats, aligned to 64 bytes.</param>
    public static void RunSerial<TVector, TActivation>(in MatrixProductArguments product, float* scratch)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        var plan = ProductPlan.Of<TVector>(product, serial: true);
        if (plan.PacksRight)
        {
            PackShared<TVector>(product, plan, scratch, 0, plan.DepthBlocks);
        }

        var block = new ProductBlock
        {
            RowStart = 0,
            RowEnd = product.Rows,
            PanelStart = 0,
            PanelEnd = plan.Panels,
            Slice = 0,
            SharedRight = plan.PacksRight ? scratch : null,
            Partial = null,
            Scratch = scratch + plan.SharedRightFloats,
        };
        block.Run<TVector, TActivation>(product, plan);
    }

    /// <summary>Floats of scratch memory that <see cref="RunSerial"/> needs for a product.</summary>
    public static nint SerialScratchFloats<TVector>(in MatrixProductArguments product)
        where TVector : unmanaged, IFloatVector<TVector> => ProductPlan.Of<TVector>(product, serial: true).ScratchFloats(1);

    /// <summary>Without an activation, a residual in the result's place is accumulation, which needs no second pass.</summary>
    private static void Simplify<TActivation>(ref MatrixProductArguments product)
        where TActivation : struct, IPointwiseFunction
    {
        if (typeof(TActivation) == typeof(Identity) && product.Residual == product.Result && product.ResidualStride == product.ResultStride
            && product.PreActivation == null && !product.Accumulate)
        {
            product.Residual = null;
            product.Accumulate = true;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private void Run<TVector, TActivation>(in MatrixProductArguments product)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        var plan = ProductPlan.Of<TVector>(product, serial: false);
        if (plan.SharedRightFloats > ProductPlan.LargestSharedRight && plan.Panels > 1)
        {
            RunInParts<TVector, TActivation>(product, plan);
            return;
        }

        var scratch = _scratch.Take((nuint)plan.ScratchFloats(pool.Count));
        var partials = scratch + plan.SharedRightFloats;
        var workers = partials + (plan.Slices * plan.PartialFloats);
        var sharesPacked = plan.PacksRight && plan.SharesRight;
        if (sharesPacked)
        {
            var packs = plan.SharedRightFloats > 1 << 16 ? plan.DepthBlocks * plan.Panels : 1;
            var pack = new PackJob { Product = product, Plan = plan, Packed = scratch, Chunks = packs };
            pool.Run(packs, ref pack);
        }

        var job = new BlockJob<TActivation>
        {
            Product = product,
            Plan = plan,
            SharedRight = sharesPacked ? scratch : null,
            Partials = partials,
            Workers = workers,
        };
        pool.Run(plan.ChunkCount, ref job);
        if (plan.Slices > 1)
        {
            var rows = Math.Max(1, (1 << 14) / (plan.Vectors * TVector.Width));
            var reduce = new ReduceJob<TActivation> { Product = product, Plan = plan, Partials = partials, Rows = rows };
            pool.Run((product.Rows + rows - 1) / rows, ref reduce);
        }
    }

    /// <summary>A right operand too large to be packed at once: some columns after the other.</summary>
    private void RunInParts<TVector, TActivation>(in MatrixProductArguments product, in ProductPlan plan)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var panelFloats = (long)plan.Depth * plan.PanelVectors * TVector.Width;
        var width = (int)Math.Max(1, ProductPlan.LargestSharedRight / panelFloats) * plan.PanelVectors * TVector.Width;
        for (var column = 0; column < product.Columns; column += width)
        {
            var part = product;
            part.Columns = Math.Min(width, product.Columns - column);
            part.Right += product.TransposeRight ? column * product.RightStride : column;
            part.Result += column;
            part.Bias = product.Bias == null ? null : product.Bias + column;
            part.PreActivation = product.PreActivation == null ? null : product.PreActivation + column;
            part.Residual = product.Residual == null ? null : product.Residual + column;
            Run<TVector, TActivation>(part);
        }
    }

    private static void PackShared<TVector>(in MatrixProductArguments product, in ProductPlan plan, float* packed, int blockStart, int blockEnd)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var block = blockStart; block < blockEnd; block++)
        {
            var start = plan.DepthStart(0, block);
            ProductBlock.PackRight<TVector>(
                product, plan, start, plan.DepthStart(0, block + 1) - start, 0, plan.Panels, packed + ((nint)start * plan.Vectors * TVector.Width));
        }
    }

    /// <summary>Packs the right operand: a chunk a panel and block of depth, or one chunk all of it.</summary>
    private struct PackJob : IChunkJob
    {
        public MatrixProductArguments Product;
        public ProductPlan Plan;
        public float* Packed;
        public int Chunks;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            if (Chunks == 1)
            {
                PackShared<TVector>(Product, Plan, Packed, 0, Plan.DepthBlocks);
                return;
            }

            var block = chunk / Plan.Panels;
            var panel = chunk % Plan.Panels;
            var start = Plan.DepthStart(0, block);
            var depth = Plan.DepthStart(0, block + 1) - start;
            var packed = Packed + ((((nint)start * Plan.Vectors) + ((nint)depth * Plan.PanelStart(panel))) * TVector.Width);
            ProductBlock.PackRight<TVector>(Product, Plan, start, depth, panel, panel + 1, packed);
        }
    }

    private struct BlockJob<TActivation> : IChunkJob
        where TActivation : struct, IPointwiseFunction
    {
        public MatrixProductArguments Product;
        public ProductPlan Plan;
        public float* SharedRight;
        public float* Partials;
        public float* Workers;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var byRows = Plan.SharesRight;
            var byPanels = !byRows && Plan.Slices == 1;
            var block = new ProductBlock
            {
                RowStart = byRows ? chunk * Plan.RowsOfChunk : 0,
                RowEnd = byRows ? Math.Min((chunk + 1) * Plan.RowsOfChunk, Plan.Rows) : Plan.Rows,
                PanelStart = byPanels ? chunk * Plan.PanelsOfChunk : 0,
                PanelEnd = byPanels ? Math.Min((chunk + 1) * Plan.PanelsOfChunk, Plan.Panels) : Plan.Panels,
                Slice = Plan.Slices > 1 ? chunk : 0,
                SharedRight = SharedRight,
                Partial = Plan.Slices > 1 ? Partials + (chunk * Plan.PartialFloats) : null,
                Scratch = Workers + (worker * Plan.WorkerFloats),
            };
            block.Run<TVector, TActivation>(Product, Plan);
        }
    }

    private struct ReduceJob<TActivation> : IChunkJob
        where TActivation : struct, IPointwiseFunction
    {
        public MatrixProductArguments Product;
        public ProductPlan Plan;
        public float* Partials;
        public int Rows;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var row = chunk * Rows;
            ProductEpilogue.Reduce<TVector, TActivation>(
                Product, Partials, Plan.Slices, Plan.PartialFloats, (nint)Plan.Vectors * TVector.Width, row, Math.Min(Rows, Plan.Rows - row));
        }
    }
}

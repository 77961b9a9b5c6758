using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// The backward of y = f(x·W) for a weight that stays in a core's cache. Some rows at a time, the gradient of what f is applied to is computed into a block
/// that both products read from cache: dx = dz·Wᵀ takes it as its left operand, dW += xᵀ·dz as its right one, in place. One by one, the three operations
/// would write dz to memory once and read it twice.
/// </summary>
/// <remarks>
/// Tokens are cut into slices by their number alone; each sums a dW of its own and these are added in order. So the bits do not depend on the threads.
/// </remarks>
internal unsafe struct ProjectionGradients
{
    /// <summary>Floats of a block of dz: a part of a core's second-level cache.</summary>
    private const int BlockFloats = 24 * 1024;

    /// <summary>Floats of a packed weight, and of a partial dW, up to which it stays in cache beside the block.</summary>
    private const long LargestWeight = 64 * 1024;

    private const int MostSlices = 16;

    private const int FewestRowsPerSlice = 512;

    /// <summary>T.</summary>
    public int Rows;

    /// <summary>D.</summary>
    public int InputColumns;

    /// <summary>Columns of W.</summary>
    public int OutputColumns;

    /// <summary>[T, D].</summary>
    public float* Input;
    public nint InputStride;

    /// <summary>[D, columns].</summary>
    public float* Weight;
    public nint WeightStride;

    /// <summary>[T, columns], what f was applied to; null for the identity.</summary>
    public float* PreActivation;
    public nint PreActivationStride;

    /// <summary>[T, columns].</summary>
    public float* OutputGradient;
    public nint OutputGradientStride;

    /// <summary>[T, D].</summary>
    public float* InputGradient;
    public nint InputGradientStride;
    public bool AddInputGradient;

    /// <summary>[D, columns].</summary>
    public float* WeightGradient;
    public nint WeightGradientStride;
    public bool AddWeightGradient;

    private float* _packedWeight;
    private float* _partials;
    private float* _blocks;

    /// <summary>Whether a weight is small enough.</summary>
    public static bool Takes(int rows, int inputColumns, int outputColumns) =>
        rows > 0 && inputColumns > 0 && outputColumns > 0 && Pad(inputColumns) * (long)Pad(outputColumns) <= LargestWeight;

    private readonly int PaddedOutput => Pad(OutputColumns);

    private readonly int PaddedInput => Pad(InputColumns);

    private readonly int Slices => Math.Clamp(Rows / FewestRowsPerSlice, 1, MostSlices);

    private readonly int BlockRows => Math.Max(2, BlockFloats / PaddedOutput / ProductTile.Rows) * ProductTile.Rows;

    private readonly nint PartialFloats => (nint)InputColumns * PaddedOutput;

    /// <summary>Computes both gradients on all workers.</summary>
    public static void Run<TActivation>(CpuDevice device, ProjectionGradients projection)
        where TActivation : struct, IPointwiseFunction
    {
        var slices = projection.Slices;
        using var weight = device.Scratch.Rent((long)projection.OutputColumns * projection.PaddedInput);
        using var partials = device.Scratch.Rent((long)slices * projection.PartialFloats);
        using var blocks = device.Scratch.Rent((long)device.Threads * projection.BlockRows * projection.PaddedOutput);
        projection._packedWeight = weight.Pointer;
        projection._partials = partials.Pointer;
        projection._blocks = blocks.Pointer;
        var pack = new PackJob { Projection = projection };
        device.Workers.Run(1, ref pack);
        var job = new SliceJob<TActivation> { Projection = projection };
        device.Workers.Run(slices, ref job);
        var reduce = new ReduceJob { Projection = projection };
        device.Workers.Run(projection.InputColumns, ref reduce);
    }

    /// <summary>To whole vectors of any width.</summary>
    private static int Pad(int columns) => (columns + 15) & ~15;

    private static EvenCuts Panels<TVector>(int columns)
        where TVector : unmanaged, IFloatVector<TVector> =>
        new((columns + TVector.Width - 1) / TVector.Width, ProductTile.MaximumVectors<TVector>());

    /// <summary>Wᵀ, panel after panel of D's columns.</summary>
    private readonly void PackWeight<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var panels = Panels<TVector>(InputColumns);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            var first = panels.Start(panel) * TVector.Width;
            var width = (panels.Start(panel + 1) * TVector.Width) - first;
            ProductPacking.PackRightTransposed(
                Weight + (first * WeightStride), WeightStride, OutputColumns, Math.Min(width, InputColumns - first), width,
                _packedWeight + ((nint)OutputColumns * first));
        }
    }

    private readonly void Slice<TVector, TActivation>(int slice, float* block)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var partial = _partials + (slice * PartialFloats);
        var start = (int)((long)slice * Rows / Slices);
        var end = (int)((slice + 1L) * Rows / Slices);
        for (var row = start; row < end; row += BlockRows)
        {
            var rows = Math.Min(BlockRows, end - row);
            PreActivationGradient<TVector, TActivation>(row, rows, block);
            AddToWeightGradient<TVector>(row, rows, block, partial, add: row > start);
            WriteInputGradient<TVector>(row, rows, block);
        }
    }

    /// <summary>block = dy ⊙ f'(z), its rows filled up with zeros.</summary>
    private readonly void PreActivationGradient<TVector, TActivation>(int row, int rows, float* block)
        where TVector : unmanaged, IFloatVector<TVector>
        where TActivation : struct, IPointwiseFunction
    {
        var upstream = OutputGradient + (row * OutputGradientStride);
        var x = PreActivation == null ? null : PreActivation + (row * PreActivationStride);
        var whole = OutputColumns / TVector.Width * TVector.Width;
        var mask = TVector.Mask(OutputColumns - whole);
        for (var r = 0; r < rows; r++)
        {
            var column = 0;
            for (; column < whole; column += TVector.Width)
            {
                var value = TVector.Load(upstream + column);
                TVector.Store(x == null ? value : TActivation.Derivative(TVector.Load(x + column)) * value, block + column);
            }

            if (column < OutputColumns)
            {
                var value = TVector.LoadMasked(upstream + column, mask);
                TVector.Store(x == null ? value : TActivation.Derivative(TVector.LoadMasked(x + column, mask)) * value, block + column);
                column += TVector.Width;
            }

            for (; column < PaddedOutput; column += TVector.Width)
            {
                TVector.Store(TVector.Zero, block + column);
            }

            upstream += OutputGradientStride;
            x = x == null ? null : x + PreActivationStride;
            block += PaddedOutput;
        }
    }

    /// <summary>partial (+)= xᵀ·block.</summary>
    private readonly void AddToWeightGradient<TVector>(int row, int rows, float* block, float* partial, bool add)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var panels = Panels<TVector>(OutputColumns);
        var tiles = EvenCuts.Rows(InputColumns);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            var first = panels.Start(panel);
            for (var tile = 0; tile < tiles.Count; tile++)
            {
                var place = partial + (tiles.Start(tile) * (nint)PaddedOutput) + (first * TVector.Width);
                ProductTile.Run<TVector>(tiles.Start(tile + 1) - tiles.Start(tile), panels.Start(panel + 1) - first, new ProductTile
                {
                    Left = Input + (row * InputStride) + tiles.Start(tile),
                    LeftRow = 1,
                    LeftStep = InputStride,
                    Right = block + (first * TVector.Width),
                    RightStep = PaddedOutput,
                    Depth = rows,
                    Initial = add ? place : null,
                    InitialStride = PaddedOutput,
                    Result = place,
                    ResultStride = PaddedOutput,
                    LastLanes = TVector.Width,
                });
            }
        }
    }

    /// <summary>dx (+)= block·Wᵀ.</summary>
    private readonly void WriteInputGradient<TVector>(int row, int rows, float* block)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var panels = Panels<TVector>(InputColumns);
        var tiles = EvenCuts.Rows(rows);
        for (var tile = 0; tile < tiles.Count; tile++)
        {
            var start = tiles.Start(tile);
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var vectors = panels.Start(panel + 1) - panels.Start(panel);
                var first = panels.Start(panel) * TVector.Width;
                var place = InputGradient + ((row + start) * InputGradientStride) + first;
                ProductTile.Run<TVector>(tiles.Start(tile + 1) - start, vectors, new ProductTile
                {
                    Left = block + (start * (nint)PaddedOutput),
                    LeftRow = PaddedOutput,
                    LeftStep = 1,
                    Right = _packedWeight + ((nint)OutputColumns * first),
                    RightStep = vectors * TVector.Width,
                    Depth = OutputColumns,
                    Initial = AddInputGradient ? place : null,
                    InitialStride = InputGradientStride,
                    Result = place,
                    ResultStride = InputGradientStride,
                    LastLanes = Math.Min(vectors * TVector.Width, InputColumns - first) - ((vectors - 1) * TVector.Width),
                });
            }
        }
    }

    private struct PackJob : IChunkJob
    {
        public ProjectionGradients Projection;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> => Projection.PackWeight<TVector>();
    }

    private struct SliceJob<TActivation> : IChunkJob
        where TActivation : struct, IPointwiseFunction
    {
        public ProjectionGradients Projection;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector> =>
            Projection.Slice<TVector, TActivation>(chunk, Projection._blocks + (worker * (nint)Projection.BlockRows * Projection.PaddedOutput));
    }

    /// <summary>Adds the slices' sums of a row of dW.</summary>
    private struct ReduceJob : IChunkJob
    {
        public ProjectionGradients Projection;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var product = new MatrixProductArguments
            {
                Rows = Projection.InputColumns,
                Columns = Projection.OutputColumns,
                Result = Projection.WeightGradient,
                ResultStride = Projection.WeightGradientStride,
                Accumulate = Projection.AddWeightGradient,
            };
            ProductEpilogue.Reduce<TVector, Identity>(product, Projection._partials, Projection.Slices, Projection.PartialFloats, Projection.PaddedOutput,
                chunk, 1);
        }
    }
}

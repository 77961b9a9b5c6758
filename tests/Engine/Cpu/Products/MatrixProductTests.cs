using CsCheck;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Tests.Cpu.Products;

[TestFixtureSource(nameof(Widths))]
internal sealed class MatrixProductTests(SimdWidth width)
{
    private static readonly int[] Sizes = [0, 1, 2, 5, 6, 7, 15, 16, 17, 31, 33, 50, 63, 64, 65, 100, 200, 257];

    private WorkerPool _pool = null!;
    private MatrixProduct _engine = null!;

    public static IEnumerable<SimdWidth> Widths() => Enum.GetValues<SimdWidth>().Where(SimdWidths.Supports);

    [OneTimeSetUp]
    public void Start()
    {
        _pool = new WorkerPool(2, width);
        _engine = new MatrixProduct(_pool);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _engine.Dispose();
        _pool.Dispose();
    }

    [Test]
    public void Agrees_with_float64_for_sampled_shapes_transposes_strides_and_epilogues()
    {
        var size = Gen.Int[0, Sizes.Length - 1].Select(i => Sizes[i]);
        Gen.Select(Gen.Select(size, size, size), Gen.Int[0, 255], Gen.Int[0, 2].Select(i => new[] { 0, 1, 150 }[i]), Gen.UInt).Sample(
            (shape, flags, extraStride, seed) =>
            {
                var (rows, columns, depth) = shape;
                var product = new ProductCase(rows, columns, depth, (flags & 1) != 0, (flags & 2) != 0, extraStride, seed)
                {
                    Accumulate = (flags & 4) != 0,
                    Bias = (flags & 8) != 0,
                    PreActivation = (flags & 16) != 0,
                    Residual = (flags & 32) != 0,
                    ResidualInPlace = (flags & 64) != 0,
                };
                Check(product, silu: (flags & 128) != 0);
            },
            iter: 400, threads: 1);
    }

    [Test]
    public void Agrees_with_float64_for_every_epilogue([Range(0, 63)] int flags)
    {
        foreach (var (rows, columns, depth) in new[] { (13, 50, 20), (7, 70, 0), (6, 32, 900), (3, 40, 9000) })
        {
            var product = new ProductCase(rows, columns, depth, (flags & 1) != 0, false, 3, (uint)flags)
            {
                Accumulate = (flags & 1) != 0,
                Bias = (flags & 2) != 0,
                PreActivation = (flags & 4) != 0,
                Residual = (flags & 8) != 0,
                ResidualInPlace = (flags & 16) != 0,
            };
            Check(product, silu: (flags & 32) != 0);
        }
    }

    [Test]
    public void Agrees_with_float64_for_every_number_of_rows_and_columns_of_a_tile([Range(1, 13)] int rows)
    {
        for (var columns = 1; columns <= 80; columns++)
        {
            Check(new ProductCase(rows, columns, 3, columns % 2 == 0, columns % 3 == 0, 0, 1), silu: false);
        }
    }

    [TestCase(300, 200, 1000, false, false, TestName = "depth in blocks")]
    [TestCase(300, 200, 1000, true, true, TestName = "depth in blocks, both transposed")]
    [TestCase(1000, 200, 50, false, false, TestName = "many rows")]
    [TestCase(50, 200, 8000, true, false, TestName = "slices of depth")]
    [TestCase(50, 70, 8001, false, true, TestName = "slices of depth, the other transposes")]
    [TestCase(20, 5000, 70, false, true, TestName = "many columns")]
    [TestCase(20, 5000, 500, true, false, TestName = "many columns, depth in blocks")]
    [TestCase(9, 17000, 300, false, false, TestName = "a right operand packed in parts")]
    public void Agrees_with_float64_however_it_is_cut(int rows, int columns, int depth, bool transposeLeft, bool transposeRight)
    {
        Check(new ProductCase(rows, columns, depth, transposeLeft, transposeRight, 5, 7), silu: false);
        Check(
            new ProductCase(rows, columns, depth, transposeLeft, transposeRight, 0, 8)
            {
                Accumulate = true,
                Bias = true,
                PreActivation = true,
                ResidualInPlace = true,
            },
            silu: true);
    }

    [TestCase(1024, 130, 400)]
    [TestCase(50, 200, 9000)]
    [TestCase(30, 6000, 64)]
    public void Gives_the_same_bits_for_any_number_of_threads(int rows, int columns, int depth)
    {
        var product = new ProductCase(rows, columns, depth, true, false, 3, 11) { Bias = true, Residual = true };
        float[]? expected = null;
        foreach (var threads in new[] { 1, 2, 3, 8 })
        {
            using var pool = new WorkerPool(threads, width);
            using var engine = new MatrixProduct(pool);
            var (result, _) = product.Run<Silu>(engine);
            expected ??= result;
            Assert.That(result.AsSpan().SequenceEqual(expected), $"{threads} threads differ from one");
        }
    }

    /// <summary>
    /// Up to a tile of rows the right operand is read in place, above it from a packed copy; at columns that are not whole vectors and for a
    /// transposed operand always from the copy. One of those products in parts of the depth, one on several chunks.
    /// </summary>
    [TestCase(1024, 256, false)]
    [TestCase(200, 50, false)]
    [TestCase(203, 50, false)]
    [TestCase(64, 900, false)]
    [TestCase(8192, 400, false)]
    [TestCase(256, 256, true)]
    public void Gives_a_row_the_same_bits_whatever_the_number_of_rows(int columns, int depth, bool transposeRight)
    {
        const int All = 13;
        ProductCase Product(int rows) => new(rows, columns, depth, false, transposeRight, 3, 17) { Bias = true, Residual = true, Accumulate = true };
        var (all, _) = Product(All).Run<Silu>(_engine);
        for (var rows = 1; rows < All; rows++)
        {
            var product = Product(rows);
            product.Check<Silu>(_engine);
            var (some, _) = product.Run<Silu>(_engine);
            for (var row = 0; row < rows; row++)
            {
                Assert.That(product.Row(some, row).SequenceEqual(product.Row(all, row)), $"row {row} of {rows} differs from that of {All}");
            }
        }
    }

    [Test]
    public void Allocates_nothing_once_its_scratch_has_grown()
    {
        var small = new float[256 * 256];
        RunSquare(small);
        var held = _engine.ScratchBytes;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            RunSquare(small);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(_engine.ScratchBytes, Is.EqualTo(held));
    }

    [Test]
    public void Lets_infinities_and_NaN_through_to_their_rows_only()
    {
        var left = new float[] { 1, 2, float.NaN, 4, float.PositiveInfinity, 6 };
        var right = new float[] { 1, 0.5f, 1, 2 };
        var result = new float[6];
        Multiply(left, right, result, 3, 2, 2);
        Assert.That(result, Is.EqualTo(new[] { 3, 4.5f, float.NaN, float.NaN, float.PositiveInfinity, float.PositiveInfinity }));
    }

    private void Check(ProductCase product, bool silu)
    {
        if (silu)
        {
            product.Check<Silu>(_engine);
        }
        else
        {
            product.Check<Identity>(_engine);
        }
    }

    private unsafe void RunSquare(float[] numbers)
    {
        var result = stackalloc float[256 * 8];
        fixed (float* operand = numbers)
        {
            _engine.Run<Identity>(new MatrixProductArguments
            {
                Rows = 8,
                Columns = 256,
                Depth = 256,
                Left = operand,
                LeftStride = 256,
                Right = operand,
                RightStride = 256,
                Result = result,
                ResultStride = 256,
            });
        }
    }

    private unsafe void Multiply(float[] left, float[] right, float[] result, int rows, int columns, int depth)
    {
        fixed (float* b = right)
        {
            Multiply(left, b, result, rows, columns, depth);
        }
    }

    private unsafe void Multiply(float[] left, float* right, float[] result, int rows, int columns, int depth)
    {
        fixed (float* a = left, c = result)
        {
            _engine.Run<Identity>(new MatrixProductArguments
            {
                Rows = rows,
                Columns = columns,
                Depth = depth,
                Left = a,
                LeftStride = depth,
                Right = right,
                RightStride = columns,
                Result = c,
                ResultStride = columns,
            });
        }
    }
}

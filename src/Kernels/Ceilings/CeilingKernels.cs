using ILGPU;
using LargeRec.Kernels.Maths;

namespace LargeRec.Kernels.Ceilings;

/// <summary>What a device does at most, measured: nothing but moving memory, and nothing but sums of products.</summary>
internal static class CeilingKernels
{
    /// <summary>to = from, four floats at once.</summary>
    /// <param name="quads">How many fours there are; both offsets are multiples of four.</param>
    [Kernel("ceiling", "copy")]
    public static void Copy(ArrayView<float> from, int fromOffset, ArrayView<float> to, int toOffset, int quads)
    {
        var (source, target) = (from.Cast<Quad>(), to.Cast<Quad>());
        for (var i = Grid.GlobalIndex.X; i < quads; i += Grid.DimX * Group.DimX)
        {
            target[(toOffset >> 2) + i] = source[(fromOffset >> 2) + i];
        }
    }

    /// <summary>
    /// sums[thread, 4] = 32 chains of x ← factor·x + addend, every fourth added, each of so many rounds: enough that none waits for another. Written as a quad
    /// so that a compiler for a CPU sees four of a kind: summed to one it makes scalars of them, a seventh of the speed on PoCL.
    /// </summary>
    /// <param name="sumsOffset">A multiple of four.</param>
    [Kernel("ceiling", "multiply-add")]
    public static void MultiplyAdd(ArrayView<float> sums, int sumsOffset, int rounds, float factor, float addend)
    {
        var x = (float)Group.IdxX;
        var add = new Quad(addend, addend, addend, addend);
        var (a, b, c, d) = (new Quad(x, x + 1f, x + 2f, x + 3f), new Quad(x, x + 5f, x + 6f, x + 7f), new Quad(x, x + 9f, x, x + 11f), add);
        var (e, f, g, h) = (add.Plus(x, a), add.Plus(x, b), add.Plus(x, c), add.Plus(factor, a));
        for (var round = 0; round < rounds; round++)
        {
            a = add.Plus(factor, a);
            b = add.Plus(factor, b);
            c = add.Plus(factor, c);
            d = add.Plus(factor, d);
            e = add.Plus(factor, e);
            f = add.Plus(factor, f);
            g = add.Plus(factor, g);
            h = add.Plus(factor, h);
        }

        sums.Cast<Quad>()[(sumsOffset >> 2) + Grid.GlobalIndex.X] =
            a.Plus(1f, b).Plus(1f, c).Plus(1f, d).Plus(1f, e).Plus(1f, f).Plus(1f, g).Plus(1f, h);
    }
}

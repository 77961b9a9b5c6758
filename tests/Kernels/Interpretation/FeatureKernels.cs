using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>What else ILGPU can emit: vectors, local arrays, switches, calls, halves, doubles, atomics, votes and inline PTX.</summary>
internal static class FeatureKernels
{
    public static void Vectors(ArrayView<float> x, ArrayView<float> y)
    {
        var value = x.Cast<Four>()[Group.IdxX];
        y.Cast<Four>()[Group.IdxX] = new Four { A = value.D, B = value.C, C = value.B, D = value.A + value.D };
    }

    public static void LocalArray(ArrayView<int> x, ArrayView<int> y)
    {
        var table = LocalMemory.Allocate<int>(8);
        for (var i = 0; i < 8; i++)
        {
            table[i] = i * i;
        }

        y[Group.IdxX] = table[x[Group.IdxX] & 7];
    }

    public static void Switch(ArrayView<int> x, ArrayView<int> y) => y[Group.IdxX] = x[Group.IdxX] switch
    {
        0 => 5,
        1 => Group.IdxX,
        2 => x[Group.IdxX] + 3,
        3 => 4 * x[Group.IdxX],
        _ => 7,
    };

    public static void Call(ArrayView<int> x, ArrayView<int> y) => y[Group.IdxX] = Collatz(x[Group.IdxX]) + Collatz(3);

    public static void Halves(ArrayView<ILGPU.Half> x, ArrayView<ILGPU.Half> y) => y[Group.IdxX] = (ILGPU.Half)((float)x[Group.IdxX] * 1.1f);

    public static void Votes(ArrayView<int> x, ArrayView<int> y)
    {
        var value = x[Group.IdxX];
        var count = Group.BarrierPopCount(value > 2);
        var any = Group.BarrierOr(value > 40);
        var all = Group.BarrierAnd(value >= 0);
        y[Group.IdxX] = count + (any ? 100 : 200) + (all ? 1000 : 2000);
    }

    public static void SharedCount(ArrayView<int> x, ArrayView<int> y)
    {
        var counts = SharedMemory.Allocate<int>(4);
        if (Group.IdxX < 4)
        {
            counts[Group.IdxX] = 0;
        }

        Group.Barrier();
        Atomic.Add(ref counts[x[Group.IdxX] & 3], 1);
        Group.Barrier();
        y[Group.IdxX] = counts[Group.IdxX & 3];
    }

    /// <summary>d = a b with a 16 x 8 and b 8 x 8, on the tensor cores, in tf32.</summary>
    public static void TensorProduct(ArrayView<uint> a, ArrayView<uint> b, ArrayView<float> d)
    {
        var row = Warp.LaneIdx >> 2;
        var column = Warp.LaneIdx & 3;
        Input<uint> a0 = a[(row * 8) + column];
        Input<uint> a1 = a[((row + 8) * 8) + column];
        Input<uint> a2 = a[(row * 8) + column + 4];
        Input<uint> a3 = a[((row + 8) * 8) + column + 4];
        Input<uint> b0 = b[(column * 8) + row];
        Input<uint> b1 = b[((column + 4) * 8) + row];
        Ref<float> d0 = 0f;
        Ref<float> d1 = 0f;
        Ref<float> d2 = 0f;
        Ref<float> d3 = 0f;
        CudaAsm.EmitRef(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
            ref d0, ref d1, ref d2, ref d3, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1);
        d[(row * 8) + (2 * column)] = d0.Value;
        d[(row * 8) + (2 * column) + 1] = d1.Value;
        d[((row + 8) * 8) + (2 * column)] = d2.Value;
        d[((row + 8) * 8) + (2 * column) + 1] = d3.Value;
    }

    public static void FusedInline(ArrayView<float> x, ArrayView<float> y)
    {
        CudaAsm.Emit("fma.rn.f32 %0, %1, %2, %3;", out float result, x[Group.IdxX], x[Group.IdxX], -1f);
        y[Group.IdxX] = result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Collatz(int n)
    {
        var steps = 0;
        while (n > 1)
        {
            n = (n & 1) == 0 ? n >> 1 : (3 * n) + 1;
            steps++;
        }

        return steps;
    }

    private struct Four
    {
        public float A;
        public float B;
        public float C;
        public float D;
    }
}

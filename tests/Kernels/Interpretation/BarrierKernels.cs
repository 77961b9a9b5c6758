using ILGPU;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>
/// Ways to take a value out of shared memory before a barrier and to use it behind: z = running sums of x, a group at a time, all with the same shape.
/// At O2 ILGPU 1.5.3 moves a load to where its value is used, past the first barrier or store that follows it.
/// </summary>
internal static class BarrierKernels
{
    public const int Threads = 64;

    public static void LoadBeforeBarrier(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < n; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            sum += shared[Threads - 1 - Group.IdxX];
            Group.Barrier();
        }

        z[Group.IdxX] = sum;
    }

    public static void FenceBeforeBarrier(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < n; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            sum += shared[Threads - 1 - Group.IdxX];
            MemoryFence.GroupLevel();
            Group.Barrier();
        }

        z[Group.IdxX] = sum;
    }

    public static void TwoBarriers(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < n; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            sum += shared[Threads - 1 - Group.IdxX];
            Group.Barrier();
            Group.Barrier();
        }

        z[Group.IdxX] = sum;
    }

    public static void BarrierFirst(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < n; start += Threads)
        {
            Group.Barrier();
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            sum += shared[Threads - 1 - Group.IdxX];
        }

        z[Group.IdxX] = sum;
    }

    public static void LoadInLoop(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < n; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            for (var i = 0; i < 1; i++)
            {
                sum += shared[Threads - 1 - Group.IdxX];
            }

            Group.Barrier();
        }

        z[Group.IdxX] = sum;
    }

    public static void LoadBehindCondition(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < n; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            if (start + Group.IdxX < n)
            {
                sum += shared[Threads - 1 - Group.IdxX];
            }

            Group.Barrier();
        }

        z[Group.IdxX] = sum;
    }

    /// <summary>The value before a store to its own place: z = what x was, x = 0.</summary>
    public static void LoadBeforeStore(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var old = x[Group.IdxX];
        x[Group.IdxX] = 0;
        z[Group.IdxX] = old;
    }

    public static void Swap(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var old = x[Group.IdxX];
        x[Group.IdxX] = z[Group.IdxX];
        z[Group.IdxX] = old;
    }

    /// <summary>As <see cref="LoadBeforeStore"/>, used in another block.</summary>
    public static void LoadBeforeStoreUsedLater(ArrayView<int> x, ArrayView<int> z, int n)
    {
        var old = x[Group.IdxX];
        x[Group.IdxX] = 0;
        var sum = 0;
        for (var i = 0; i < n; i++)
        {
            sum += i;
        }

        z[Group.IdxX] = old + sum;
    }
}

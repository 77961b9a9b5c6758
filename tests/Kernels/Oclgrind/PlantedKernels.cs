using ILGPU;

namespace LargeRec.Kernels.Tests.Oclgrind;

/// <summary>Kernels with a fault each, which a checker of OpenCL is to find, and the same one without.</summary>
internal static class PlantedKernels
{
    public const int Threads = 64;

    /// <summary>output = running sums of x, by exchange through shared memory.</summary>
    public static void Right(ArrayView<int> x, ArrayView<int> output, int count)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < count; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            sum += shared[Threads - 1 - Group.IdxX];
            MemoryFence.GroupLevel();
            Group.Barrier();
        }

        output[Group.IdxX] = sum;
    }

    /// <summary>Without the barrier between writing and reading.</summary>
    public static void Race(ArrayView<int> x, ArrayView<int> output, int count)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        shared[Group.IdxX] = x[Group.IdxX];
        output[Group.IdxX] = shared[Threads - 1 - Group.IdxX];
    }

    /// <summary>Right as it is written; the compiler moves the load behind the barrier.</summary>
    public static void MovedLoad(ArrayView<int> x, ArrayView<int> output, int count)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        var sum = 0;
        for (var start = 0; start < count; start += Threads)
        {
            shared[Group.IdxX] = x[start + Group.IdxX];
            Group.Barrier();
            sum += shared[Threads - 1 - Group.IdxX];
            Group.Barrier();
        }

        output[Group.IdxX] = sum;
    }

    /// <summary>Two threads of different groups write one place.</summary>
    public static void GlobalRace(ArrayView<int> x, ArrayView<int> output, int count) => output[0] = Group.IdxX + Grid.IdxX;

    /// <summary>One value beyond the end.</summary>
    public static void OutOfBounds(ArrayView<int> x, ArrayView<int> output, int count) => output[Group.IdxX] = x[count + 1 - Threads + Group.IdxX];

    /// <summary>Shared memory that nobody wrote decides.</summary>
    public static void Uninitialized(ArrayView<int> x, ArrayView<int> output, int count)
    {
        var shared = SharedMemory.Allocate<int>(Threads);
        output[Group.IdxX] = shared[Group.IdxX] > 3 ? x[Group.IdxX] : 5;
    }
}

using ILGPU;

namespace LargeRec.Kernels.Maths;

/// <summary>Sums and maxima over the threads of a group, by halves in shared memory: the same order in every run. All threads of the group must come
/// here.</summary>
internal static class GroupSum
{
    /// <summary>The sum of all threads' values, for all threads.</summary>
    /// <param name="shared">As many values as the group has threads.</param>
    public static float Of(ArrayView<float> shared, float value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var width = Group.DimX >> 1; width > 0; width >>= 1)
        {
            if (Group.IdxX < width)
            {
                shared[Group.IdxX] += shared[Group.IdxX + width];
            }

            Group.Barrier();
        }

        var sum = shared[0];
        Group.Barrier();
        return sum;
    }

    /// <summary>The sum of all threads' counts, for all threads.</summary>
    /// <param name="shared">As many values as the group has threads.</param>
    public static int Of(ArrayView<int> shared, int value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var width = Group.DimX >> 1; width > 0; width >>= 1)
        {
            if (Group.IdxX < width)
            {
                shared[Group.IdxX] += shared[Group.IdxX + width];
            }

            Group.Barrier();
        }

        var sum = shared[0];
        Group.Barrier();
        return sum;
    }

    /// <summary>The largest of all threads' values, for all threads; a NaN may be lost.</summary>
    public static float MaximumOf(ArrayView<float> shared, float value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var width = Group.DimX >> 1; width > 0; width >>= 1)
        {
            if (Group.IdxX < width)
            {
                var other = shared[Group.IdxX + width];
                if (other > shared[Group.IdxX])
                {
                    shared[Group.IdxX] = other;
                }
            }

            Group.Barrier();
        }

        var largest = shared[0];
        Group.Barrier();
        return largest;
    }
}

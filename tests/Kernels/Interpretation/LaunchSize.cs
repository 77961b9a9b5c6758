namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>A grid in groups, or a block in threads.</summary>
public readonly record struct LaunchSize(int X, int Y = 1, int Z = 1)
{
    public long Count => (long)X * Y * Z;

    public static implicit operator LaunchSize(int x) => new(x);

    public static LaunchSize FromInt32(int x) => new(x);
}

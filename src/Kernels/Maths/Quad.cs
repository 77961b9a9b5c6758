namespace LargeRec.Kernels.Maths;

/// <summary>Four float32 side by side: what a thread reads from shared memory at once, and a row of what it sums in registers. Loops are never unrolled by the
/// compiler, so a tile of sums is a struct of these.</summary>
internal readonly struct Quad(float x, float y, float z, float w)
{
    public readonly float X = x;
    public readonly float Y = y;
    public readonly float Z = z;
    public readonly float W = w;

    public static Quad operator *(Quad a, Quad b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z, a.W * b.W);

    /// <summary>this + factor·other.</summary>
    public Quad Plus(float factor, Quad other) => new(X + (factor * other.X), Y + (factor * other.Y), Z + (factor * other.Z), W + (factor * other.W));
}

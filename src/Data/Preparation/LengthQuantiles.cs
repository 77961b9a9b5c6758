namespace LargeRec.Data.Preparation;

/// <summary>Lengths that so many percent of the users do not exceed (the smallest such length of a user).</summary>
public readonly record struct LengthQuantiles(int P10, int P25, int P75, int P90, int P99)
{
    internal static LengthQuantiles Of(int[] ascending)
        => ascending.Length == 0 ? default : new(At(ascending, 0.10), At(ascending, 0.25), At(ascending, 0.75), At(ascending, 0.90), At(ascending, 0.99));

    private static int At(int[] ascending, double share) => ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Length) - 1, 0, ascending.Length - 1)];
}

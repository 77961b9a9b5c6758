namespace LargeRec.Cases;

/// <summary>The least that a computation needs: what a kernel's time is held against.</summary>
/// <param name="Operations">Additions and multiplications; an exponential, a root or a quotient counts as one.</param>
/// <param name="Bytes">Read once and written once.</param>
public readonly record struct Cost(double Operations, double Bytes)
{
    /// <summary>Of so many float32 values moved.</summary>
    public static Cost Of(double operations, double values) => new(operations, sizeof(float) * values);
}

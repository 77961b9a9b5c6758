namespace LargeRec.Data.Events;

/// <summary>Division that rounds toward minus infinity, so that times before 1970 fall into seconds as later ones do.</summary>
internal static class Floor
{
    public static long Divide(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}

namespace LargeRec.Fuzzing;

/// <summary>A parser gave back what is not consistent.</summary>
internal sealed class FuzzFault(string message) : Exception(message)
{
    /// <summary>Throws unless something holds.</summary>
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new FuzzFault(message);
        }
    }

    /// <summary>Does what must go, such as reading what was written, though it may throw what a parser refuses by.</summary>
    public static T Unless<T>(Func<T> mustGo, string message)
    {
        try
        {
            return mustGo();
        }
        catch (Exception e) when (e is not FuzzFault)
        {
            throw new FuzzFault($"{message}: {e.GetType().Name} {string.Concat(e.Message.Where(char.IsAsciiLetter).TakeLast(60))}");
        }
    }
}

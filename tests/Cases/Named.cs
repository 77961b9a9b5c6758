namespace LargeRec.Cases;

/// <summary>Values by the names of a case's inputs.</summary>
public sealed class Named<T>(IReadOnlyList<string> names, IReadOnlyList<T> values)
    where T : class
{
    /// <summary>The value of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such input.</exception>
    public T this[string name] => Find(name) ?? throw new KeyNotFoundException($"there is no input '{name}'; the inputs are {string.Join(", ", names)}");

    /// <summary>The value of a name, or null: an optional input that the case leaves out.</summary>
    public T? Find(string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return values[i];
            }
        }

        return null;
    }
}

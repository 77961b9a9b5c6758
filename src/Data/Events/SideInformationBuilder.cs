namespace LargeRec.Data.Events;

/// <summary>Collects a side attribute while a file is read; users or items without a value have the empty text.</summary>
internal sealed class SideInformationBuilder
{
    private readonly GrowableColumn<int> _codes = new();
    private readonly Vocabulary _values = new();

    public SideInformationBuilder(string name)
    {
        Name = name;
        _values.GetOrAdd("");
    }

    public string Name { get; }

    public void Set(int index, ReadOnlySpan<byte> value)
    {
        Reserve(index + 1);
        _codes.Span[index] = _values.GetOrAdd(value);
    }

    /// <param name="count">Users, or the item table's rows.</param>
    public SideInformation Build(int count)
    {
        Reserve(count);
        return new SideInformation(Name, _codes.Span[..count].ToArray(), [.. Enumerable.Range(0, _values.Count).Select(_values.GetText)]);
    }

    private void Reserve(int count)
    {
        while (_codes.Count < count)
        {
            _codes.Add(0);
        }
    }
}

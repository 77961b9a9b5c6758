namespace LargeRec.Data.Events;

/// <summary>A side attribute with few values, one for each user or item index: <c>Values[Codes[index]]</c> is its value.</summary>
/// <param name="Name">Such as <c>category</c>.</param>
/// <param name="Codes">By user or item index; an item attribute has code 0 at the padding index.</param>
/// <param name="Values">The text of each code.</param>
public sealed record SideInformation(string Name, IReadOnlyList<int> Codes, IReadOnlyList<string> Values)
{
    public string this[int index] => Values[Codes[index]];
}

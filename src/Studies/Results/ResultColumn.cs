namespace LargeRec.Studies.Results;

/// <summary>A column of a study's results: texts, whole numbers or numbers, a place empty where nothing is known.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">string, long or double.</param>
/// <param name="Values">A value of the type, or null, for each row.</param>
public sealed record ResultColumn(string Name, Type Type, IReadOnlyList<object?> Values);

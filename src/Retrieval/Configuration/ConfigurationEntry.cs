namespace LargeRec.Retrieval.Configuration;

/// <summary>A key of a configuration and its value.</summary>
/// <param name="Key">The full key, e.g. model.layers.</param>
/// <param name="Value">The value as <c>--set</c> takes it: words without quotes, lists in brackets, null for nothing.</param>
public sealed record ConfigurationEntry(string Key, string Value);

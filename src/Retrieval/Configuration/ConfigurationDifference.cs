namespace LargeRec.Retrieval.Configuration;

/// <summary>A key that configurations do not agree on.</summary>
/// <param name="Key">The full key, e.g. model.layers.</param>
/// <param name="Values">Its value in each of them, as <see cref="ConfigurationEntry"/> writes it; null where it is null or the key is absent.</param>
public sealed record ConfigurationDifference(string Key, IReadOnlyList<string?> Values)
{
    /// <summary>The keys whose values are not the same in all of some configurations, in the order of the configurations' keys.</summary>
    public static IReadOnlyList<ConfigurationDifference> Between(params IReadOnlyList<RunConfiguration> configurations)
    {
        var entries = configurations.Select(c => ConfigurationEntries.Of(c).ToDictionary(e => e.Key, e => e.Value)).ToArray();
        return
        [
            .. from key in entries.SelectMany(e => e.Keys).Distinct()
               let values = entries.Select(e => e.GetValueOrDefault(key) is { } value && value != ConfigurationEntries.Nothing ? value : null).ToArray()
               where values.Distinct().Count() > 1
               select new ConfigurationDifference(key, values),
        ];
    }
}

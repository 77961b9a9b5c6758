namespace LargeRec.Retrieval.Configuration;

/// <summary>A configuration that comes with the program.</summary>
/// <param name="Name">Its name, DATA/MODEL.</param>
/// <param name="Origin">Its file in the repository, as errors name it.</param>
/// <param name="Text">The file's text.</param>
public sealed record EmbeddedConfiguration(string Name, string Origin, string Text)
{
    /// <summary>Reads it, with overrides.</summary>
    /// <exception cref="ConfigurationException">An override cannot be used.</exception>
    public RunConfiguration Read(IEnumerable<string>? overrides = null) => ConfigurationReader.Read(Text, Origin, overrides);
}

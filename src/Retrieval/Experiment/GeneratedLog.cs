using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;

namespace LargeRec.Retrieval.Experiment;

/// <summary>Generated events from the engine's counter-based random numbers.</summary>
public static class GeneratedLog
{
    /// <inheritdoc cref="InteractionGenerator.Generate"/>
    public static EventLog Generate(GeneratorOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return InteractionGenerator.Generate(options, PhiloxDraws.OfGenerator, progress, cancellation);
    }
}

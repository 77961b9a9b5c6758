using LargeRec.Autograd;
using LargeRec.Engine;

namespace LargeRec.Models.Backbones;

/// <summary>A model that turns each prefix of a sequence into a query and each item into a vector of the same space; a score is their dot product.</summary>
public abstract class SequenceModel : Module
{
    /// <summary>How the names of all parameters begin that are not a layer's.</summary>
    private static readonly string[] EmbeddingParts = ["_embedding_module.", "_input_features_preproc."];

    /// <summary>L, the most events of a sequence that it takes.</summary>
    public abstract int MaxLength { get; }

    /// <summary>Whether a batch must carry times.</summary>
    public abstract bool NeedsTimes { get; }

    /// <summary>
    /// Trained values of the item table and of what else turns events into rows, such as positions; the rest of <see cref="Module.ParameterCount"/> is the
    /// layers'.
    /// </summary>
    public long EmbeddingParameterCount =>
        Parameters.Where(p => EmbeddingParts.Any(part => p.Name.StartsWith(part, StringComparison.Ordinal))).Sum(p => p.Shape.Count);

    /// <summary>D.</summary>
    public abstract int Width { get; }

    /// <summary>V.</summary>
    public abstract int ItemRows { get; }

    /// <summary>The table that <see cref="Items"/> are rows of: item r is its row r over max(‖row‖, <see cref="ItemNormEpsilon"/>).</summary>
    public abstract Parameter ItemTable { get; }

    /// <summary>The least length that a row of <see cref="ItemTable"/> is divided by.</summary>
    public abstract float ItemNormEpsilon { get; }

    /// <summary>
    /// Floating-point operations of <see cref="Encode"/>: its matrix products and its attention, a multiply-add being two, summed layer by layer. A backward
    /// pass takes twice as many; what it computes again does not count.
    /// </summary>
    public abstract double ForwardFlops(TokenCounts counts);

    /// <returns>[T, D], a row of length 1 for each event: the query for what follows it.</returns>
    public abstract Variable Encode(ForwardContext context, SequenceBatch batch);

    /// <summary>A memory of one sequence that grows event by event. The model's weights must not change while it is in use.</summary>
    /// <param name="device">The model's device.</param>
    /// <param name="slack">S, from 0 to L − 1; what it means is said at <see cref="SequenceCache.Append"/>.</param>
    /// <remarks>HSTU keeps keys and values; every other model keeps the events and encodes the whole window at each request.</remarks>
    /// <exception cref="NotSupportedException">The device does not continue sequences.</exception>
    public virtual SequenceCache NewCache(Device device, int slack = 0) => new RecomputingCache(this, device, slack);

    /// <returns>[V, D], a row of length 1 for each item.</returns>
    public abstract Variable Items(ForwardContext context);
}

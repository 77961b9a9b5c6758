using LargeRec.Autograd;
using LargeRec.Engine;

namespace LargeRec.Models.Backbones;

/// <summary>A model that turns each prefix of a sequence into a query and each item into a vector of the same space; a score is their dot product.</summary>
public abstract class SequenceModel : Module
{
    /// <summary>L, the most events of a sequence that it takes.</summary>
    public abstract int MaxLength { get; }

    /// <summary>Whether a batch must carry times.</summary>
    public abstract bool NeedsTimes { get; }

    /// <summary>D.</summary>
    public abstract int Width { get; }

    /// <summary>V.</summary>
    public abstract int ItemRows { get; }

    /// <summary>The table that <see cref="Items"/> are rows of: item r is its row r over max(‖row‖, <see cref="ItemNormEpsilon"/>).</summary>
    public abstract Parameter ItemTable { get; }

    /// <summary>The least length that a row of <see cref="ItemTable"/> is divided by.</summary>
    public abstract float ItemNormEpsilon { get; }

    /// <returns>[T, D], a row of length 1 for each event: the query for what follows it.</returns>
    public abstract Variable Encode(ForwardContext context, SequenceBatch batch);

    /// <summary>A memory of one sequence that grows event by event. The model's weights must not change while it is in use.</summary>
    /// <param name="device">The model's device.</param>
    /// <param name="slack">S, from 0 to L − 1; what it means is said at <see cref="SequenceCache.Append"/>.</param>
    /// <exception cref="NotSupportedException">The model cannot be continued.</exception>
    public virtual SequenceCache NewCache(Device device, int slack = 0) =>
        throw new NotSupportedException($"{GetType().Name} encodes whole sequences only; there is no cache that continues one");

    /// <returns>[V, D], a row of length 1 for each item.</returns>
    public abstract Variable Items(ForwardContext context);
}

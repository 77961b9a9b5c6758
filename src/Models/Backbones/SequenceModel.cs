using LargeRec.Autograd;

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

    /// <returns>[V, D], a row of length 1 for each item.</returns>
    public abstract Variable Items(ForwardContext context);
}

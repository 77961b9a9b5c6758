using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Preparation;

/// <summary>What <see cref="InteractionSequences"/> are put together from: a sorted log, a filter's result or a prepared file.</summary>
internal sealed record SequenceParts
{
    public required string Name { get; init; }

    /// <summary>The columns that the data have.</summary>
    public required EventColumns Present { get; init; }

    public required Column<int> Offsets { get; init; }

    public required Column<int> Items { get; init; }

    public Column<long> Times { get; init; } = Column<long>.Empty;

    public Column<float> Ratings { get; init; } = Column<float>.Empty;

    public Column<byte> Behaviours { get; init; } = Column<byte>.Empty;

    public required Vocabulary UserIds { get; init; }

    public required ItemVocabulary Catalogue { get; init; }

    /// <summary>Whether a behaviour is a set of bits and not a code.</summary>
    public bool BehavioursAreFlags { get; init; }

    public IReadOnlyList<string> BehaviourNames { get; init; } = [];

    public IReadOnlyList<SideInformation> UserInformation { get; init; } = [];

    public IReadOnlyList<SideInformation> ItemInformation { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];
}

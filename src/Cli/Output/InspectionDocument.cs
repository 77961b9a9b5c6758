using LargeRec.Data.Preparation;

namespace LargeRec.Cli.Output;

/// <summary>What data inspect found.</summary>
internal sealed record InspectionDocument
{
    public required string Name { get; init; }

    public required SequenceStatistics Statistics { get; init; }

    /// <summary>Mean over users, bits an event.</summary>
    public required double LempelZivEntropy { get; init; }

    /// <summary>Users that the mean is over.</summary>
    public required int LempelZivUsers { get; init; }

    /// <summary>Bits an event, given the one before.</summary>
    public required double ApproximateEntropy { get; init; }

    /// <summary>What the split is; null where none was asked for.</summary>
    public IReadOnlyList<string>? Split { get; init; }

    public LeakageReport? Leakage { get; init; }
}

namespace LargeRec.Data.Events;

/// <summary>
/// Events in the order of their file, as columns of equal length: user index, item index, time, and optionally rating and behaviour.
/// A column that the data lack is empty. Made by <see cref="EventLogBuilder"/>.
/// </summary>
public sealed class EventLog
{
    private readonly ReadOnlyMemory<int> users;
    private readonly ReadOnlyMemory<int> items;
    private readonly ReadOnlyMemory<long> times;
    private readonly ReadOnlyMemory<float> ratings;
    private readonly ReadOnlyMemory<byte> behaviours;

    internal EventLog(EventLogBuilder builder, Vocabulary userIds, ItemVocabulary catalogue)
    {
        Name = builder.Name;
        UserIds = userIds;
        Catalogue = catalogue;
        users = builder.Users.Memory;
        items = builder.Items.Memory;
        times = builder.Times.Memory;
        ratings = builder.Ratings.Memory;
        behaviours = builder.Behaviours.Memory;
        HasTimes = builder.Columns.HasFlag(EventColumns.Times);
        HasRatings = builder.Columns.HasFlag(EventColumns.Ratings);
        HasBehaviours = builder.Columns.HasFlag(EventColumns.Behaviours);
        BehaviourNames = [.. builder.BehaviourNames];
        UserInformation = [.. builder.UserInformation];
        ItemInformation = [.. builder.ItemInformation];
        Notes = [.. builder.Notes];
    }

    /// <summary>The file read, or a name such as <c>synthetic</c>.</summary>
    public string Name { get; }

    public int Count => users.Length;

    /// <summary>User indices, 0 .. UserIds.Count - 1.</summary>
    public ReadOnlySpan<int> Users => users.Span;

    /// <summary>Item indices, 1 .. Catalogue.TableRows - 1.</summary>
    public ReadOnlySpan<int> Items => items.Span;

    /// <summary>Milliseconds since 1970-01-01 UTC; empty where <see cref="HasTimes"/> is false.</summary>
    public ReadOnlySpan<long> Times => times.Span;

    /// <summary>Finite ratings; empty where <see cref="HasRatings"/> is false.</summary>
    public ReadOnlySpan<float> Ratings => ratings.Span;

    /// <summary>Codes into <see cref="BehaviourNames"/>; empty where <see cref="HasBehaviours"/> is false.</summary>
    public ReadOnlySpan<byte> Behaviours => behaviours.Span;

    public bool HasTimes { get; }

    public bool HasRatings { get; }

    public bool HasBehaviours { get; }

    public Vocabulary UserIds { get; }

    public ItemVocabulary Catalogue { get; }

    /// <summary>Behaviours by code, in the order of first appearance.</summary>
    public IReadOnlyList<string> BehaviourNames { get; }

    public IReadOnlyList<SideInformation> UserInformation { get; }

    public IReadOnlyList<SideInformation> ItemInformation { get; }

    /// <summary>What the reader recognised, guessed or found remarkable: lines to print.</summary>
    public IReadOnlyList<string> Notes { get; }
}

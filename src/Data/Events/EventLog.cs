namespace LargeRec.Data.Events;

/// <summary>
/// Events in the order of their file, as columns of equal length: user index, item index, time, and optionally rating and behaviour.
/// A column that the data lack is empty. Made by <see cref="EventLogBuilder"/>.
/// </summary>
public sealed class EventLog
{
    private readonly ReadOnlyMemory<int> _users;
    private readonly ReadOnlyMemory<int> _items;
    private readonly ReadOnlyMemory<long> _times;
    private readonly ReadOnlyMemory<float> _ratings;
    private readonly ReadOnlyMemory<byte> _behaviours;

    internal EventLog(EventLogBuilder builder, Vocabulary userIds, ItemVocabulary catalogue)
    {
        Name = builder.Name;
        UserIds = userIds;
        Catalogue = catalogue;
        _users = builder.Users.Memory;
        _items = builder.Items.Memory;
        _times = builder.Times.Memory;
        _ratings = builder.Ratings.Memory;
        _behaviours = builder.Behaviours.Memory;
        HasTimes = builder.Columns.HasFlag(EventColumns.Times);
        HasRatings = builder.Columns.HasFlag(EventColumns.Ratings);
        HasBehaviours = builder.Columns.HasFlag(EventColumns.Behaviours);
        BehavioursAreFlags = builder.BehavioursAreFlags;
        BehaviourNames = [.. builder.BehaviourNames];
        UserInformation = [.. builder.UserInformation];
        ItemInformation = [.. builder.ItemInformation];
        Notes = [.. builder.Notes];
    }

    private EventLog(EventLog log)
    {
        Name = log.Name;
        UserIds = log.UserIds;
        Catalogue = log.Catalogue;
        _users = log._users;
        _items = log._items;
        _times = log._times;
        _ratings = log._ratings;
        _behaviours = log._behaviours;
        HasTimes = log.HasTimes;
        HasRatings = log.HasRatings;
        HasBehaviours = log.HasBehaviours;
        BehavioursAreFlags = log.BehavioursAreFlags;
        BehaviourNames = log.BehaviourNames;
        UserInformation = log.UserInformation;
        ItemInformation = log.ItemInformation;
        Notes = log.Notes;
    }

    /// <summary>The file read, or a name such as <c>synthetic</c>.</summary>
    public string Name { get; }

    public int Count => _users.Length;

    /// <summary>User indices, 0 .. UserIds.Count - 1.</summary>
    public ReadOnlySpan<int> Users => _users.Span;

    /// <summary>Item indices, 1 .. Catalogue.TableRows - 1.</summary>
    public ReadOnlySpan<int> Items => _items.Span;

    /// <summary>Milliseconds since 1970-01-01 UTC; empty where <see cref="HasTimes"/> is false.</summary>
    public ReadOnlySpan<long> Times => _times.Span;

    /// <summary>Finite ratings; empty where <see cref="HasRatings"/> is false.</summary>
    public ReadOnlySpan<float> Ratings => _ratings.Span;

    /// <summary>
    /// Codes into <see cref="BehaviourNames"/>, or, where <see cref="BehavioursAreFlags"/>, a set of them: bit k for the name with index k, 0 for none.
    /// Empty where <see cref="HasBehaviours"/> is false.
    /// </summary>
    public ReadOnlySpan<byte> Behaviours => _behaviours.Span;

    public bool HasTimes { get; }

    public bool HasRatings { get; }

    public bool HasBehaviours { get; }

    /// <summary>Whether an event can have several behaviours at once (an impression that was clicked and liked), or none.</summary>
    public bool BehavioursAreFlags { get; }

    public Vocabulary UserIds { get; }

    public ItemVocabulary Catalogue { get; }

    /// <summary>Behaviours by code, or by bit where <see cref="BehavioursAreFlags"/>.</summary>
    public IReadOnlyList<string> BehaviourNames { get; }

    public IReadOnlyList<SideInformation> UserInformation { get; }

    public IReadOnlyList<SideInformation> ItemInformation { get; }

    /// <summary>What the reader recognised, guessed or found remarkable: lines to print.</summary>
    public IReadOnlyList<string> Notes { get; private init; }

    /// <summary>The same log with more notes before its own.</summary>
    internal EventLog WithNotesBefore(IEnumerable<string> notes) => new(this) { Notes = [.. notes, .. Notes] };
}

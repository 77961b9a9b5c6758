namespace LargeRec.Data.Events;

/// <summary>Collects the events of a log in file order; <see cref="Build"/> hands the columns over without copying them, and ends the builder.</summary>
/// <param name="name">The file read, or a name such as <c>synthetic</c>.</param>
/// <param name="columns">The optional columns that every event has.</param>
/// <param name="capacity">Events to reserve room for.</param>
public sealed class EventLogBuilder(string name, EventColumns columns, int capacity = 0)
{
    // What an archive claims to hold may be a lie.
    private const long MostReserved = 1 << 26;

    private bool _built;

    public string Name { get; } = name;

    public EventColumns Columns { get; } = columns;

    /// <summary>Events so far.</summary>
    public int Count => Users.Count;

    /// <summary>Names of the behaviour codes 0, 1, ...; at most 256.</summary>
    public IList<string> BehaviourNames { get; } = [];

    /// <summary>Whether a behaviour is a set of bits, bit k for the name with index k (then at most 8 names), and not a code.</summary>
    public bool BehavioursAreFlags { get; init; }

    public IList<SideInformation> UserInformation { get; } = [];

    public IList<SideInformation> ItemInformation { get; } = [];

    public IList<string> Notes { get; } = [];

    internal GrowableColumn<int> Users { get; } = new(capacity);

    internal GrowableColumn<int> Items { get; } = new(capacity);

    internal GrowableColumn<long> Times { get; } = new(columns.HasFlag(EventColumns.Times) ? capacity : 0);

    internal GrowableColumn<float> Ratings { get; } = new(columns.HasFlag(EventColumns.Ratings) ? capacity : 0);

    internal GrowableColumn<byte> Behaviours { get; } = new(columns.HasFlag(EventColumns.Behaviours) ? capacity : 0);

    /// <summary>Adds one event; values of columns that the log lacks are ignored.</summary>
    public void Add(int user, int item, long time = 0, float rating = 0, byte behaviour = 0)
    {
        Users.Add(user);
        Items.Add(item);
        if (Columns.HasFlag(EventColumns.Times))
        {
            Times.Add(time);
        }

        if (Columns.HasFlag(EventColumns.Ratings))
        {
            Ratings.Add(rating);
        }

        if (Columns.HasFlag(EventColumns.Behaviours))
        {
            Behaviours.Add(behaviour);
        }
    }

    /// <summary>Makes room for this many more events, so that columns need not grow, and be copied, again and again. A guess may be wrong.</summary>
    internal void Reserve(long more)
    {
        var count = (int)Math.Min(more, MostReserved);
        if (count <= 0)
        {
            return;
        }

        Users.Reserve(count);
        Items.Reserve(count);
        if (Columns.HasFlag(EventColumns.Times))
        {
            Times.Reserve(count);
        }

        if (Columns.HasFlag(EventColumns.Ratings))
        {
            Ratings.Reserve(count);
        }

        if (Columns.HasFlag(EventColumns.Behaviours))
        {
            Behaviours.Reserve(count);
        }
    }

    /// <summary>The finished log. Every index must lie in its vocabulary, every behaviour code have a name.</summary>
    public EventLog Build(Vocabulary userIds, ItemVocabulary catalogue)
    {
        ObjectDisposedException.ThrowIf(_built, this);
        RequireBelow(Users.Span, 0, userIds.Count, "user index");
        RequireBelow(Items.Span, 1, catalogue.TableRows, "item index");
        foreach (var behaviour in Behaviours.Span)
        {
            if (BehavioursAreFlags ? behaviour >> BehaviourNames.Count != 0 : behaviour >= BehaviourNames.Count)
            {
                throw new ArgumentException($"{Name}: behaviour {behaviour} has no name; {BehaviourNames.Count} are named");
            }
        }

        _built = true;
        return new EventLog(this, userIds, catalogue);
    }

    private void RequireBelow(ReadOnlySpan<int> indices, int from, int below, string what)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] < from || indices[i] >= below)
            {
                throw new ArgumentException($"{Name}: event {i} has {what} {indices[i]}; allowed are {from} .. {below - 1}");
            }
        }
    }
}

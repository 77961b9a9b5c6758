namespace LargeRec.Data.Events;

/// <summary>A vocabulary whose ids mostly come in runs, as a log sorted by user has them: the last one is compared before it is looked up.</summary>
internal sealed class RecurringIds
{
    private int _last = -1;

    public Vocabulary Vocabulary { get; } = new();

    public int GetOrAdd(ReadOnlySpan<byte> id)
    {
        if (_last < 0 || !Vocabulary[_last].SequenceEqual(id))
        {
            _last = Vocabulary.GetOrAdd(id);
        }

        return _last;
    }
}

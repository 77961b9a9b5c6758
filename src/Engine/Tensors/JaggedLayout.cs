namespace LargeRec.Engine.Tensors;

/// <summary>
/// Which rows of a [T, D] matrix belong to which sequence: sequence b owns rows offsets[b] to offsets[b+1]. Nothing is padded, and only
/// attention and position look at it. It may carry the times that a relative time bias needs.
/// </summary>
public sealed class JaggedLayout
{
    private readonly int[] _offsets;

    /// <param name="offsets">[B+1], from 0, never decreasing.</param>
    /// <param name="eventSeconds">[T], the time of each event in seconds from any origin of the sequence's own, never decreasing within a sequence; null without times.</param>
    /// <param name="nextSeconds">[T], the time of the event after each (the request's time for the last), on the same clock.</param>
    /// <exception cref="ArgumentException">Offsets or times break these rules.</exception>
    public JaggedLayout(ReadOnlySpan<int> offsets, ReadOnlySpan<int> eventSeconds = default, ReadOnlySpan<int> nextSeconds = default)
    {
        if (offsets.Length == 0 || offsets[0] != 0)
        {
            throw new ArgumentException("layout: offsets start with 0 and have one entry more than there are sequences");
        }

        _offsets = offsets.ToArray();
        for (var b = 0; b + 1 < _offsets.Length; b++)
        {
            var length = _offsets[b + 1] - _offsets[b];
            if (length < 0)
            {
                throw new ArgumentException($"layout: offsets decrease from {_offsets[b]} to {_offsets[b + 1]} at sequence {b}");
            }

            LongestSequence = Math.Max(LongestSequence, length);
        }

        Tokens = _offsets[^1];
        if (eventSeconds.IsEmpty && nextSeconds.IsEmpty)
        {
            return;
        }

        if (eventSeconds.Length != Tokens || nextSeconds.Length != Tokens)
        {
            throw new ArgumentException($"layout: {Tokens} tokens need as many times; given are {eventSeconds.Length} events' and {nextSeconds.Length} next events'");
        }

        EventSeconds = eventSeconds.ToArray();
        NextSeconds = nextSeconds.ToArray();
        CheckTimes();
    }

    /// <summary>T, the rows in all.</summary>
    public int Tokens { get; }

    /// <summary>B.</summary>
    public int Sequences => _offsets.Length - 1;

    public int LongestSequence { get; }

    public ReadOnlySpan<int> Offsets => _offsets;

    public bool HasTimes => EventSeconds is not null;

    internal int[]? EventSeconds { get; }

    internal int[]? NextSeconds { get; }

    /// <summary>What a device has prepared from this layout for its attention (the runs of equal time buckets, say), made once a batch.</summary>
    internal object? Preparation { get; set; }

    /// <summary>Times sorted within a sequence make the bucket of a row fall along its columns: what the attention's runs rest on.</summary>
    private void CheckTimes()
    {
        for (var b = 0; b < Sequences; b++)
        {
            for (var t = _offsets[b]; t < _offsets[b + 1]; t++)
            {
                var last = t + 1 == _offsets[b + 1];
                if (NextSeconds![t] < EventSeconds![t] || (!last && EventSeconds[t + 1] < EventSeconds[t]))
                {
                    throw new ArgumentException($"layout: times of sequence {b} decrease after its row {t - _offsets[b]}; sort the events by time");
                }
            }
        }
    }
}

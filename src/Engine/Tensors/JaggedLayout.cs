namespace LargeRec.Engine.Tensors;

/// <summary>
/// Which rows of a [T, D] matrix belong to which sequence: sequence b owns rows offsets[b] to offsets[b+1]. Nothing is padded, and only
/// attention and position look at it. It may carry the times that a relative time bias needs. Behind the last sequence there may be rows that belong to none,
/// for devices whose steps come in size classes (<see cref="Device.PaddedRows"/>): their items and labels are 0, no row sees them, attention writes 0 there,
/// and neither loss nor gradient comes from them.
/// </summary>
public sealed class JaggedLayout
{
    private int[] _offsets = [0];
    private int[] _eventSeconds = [];
    private int[] _nextSeconds = [];

    /// <summary>A layout without sequences, to be filled by <see cref="Assign"/> over and over: its buffers grow to the largest batch and stay.</summary>
    public JaggedLayout()
    {
    }

    /// <summary>A layout of these sequences; the arguments are <see cref="Assign"/>'s.</summary>
    /// <exception cref="ArgumentException">Offsets or times break its rules.</exception>
    public JaggedLayout(ReadOnlySpan<int> offsets, ReadOnlySpan<int> eventSeconds = default, ReadOnlySpan<int> nextSeconds = default, int trailingRows = 0) =>
        Assign(offsets, eventSeconds, nextSeconds, trailingRows);

    /// <summary>T, the rows in all, those of no sequence too.</summary>
    public int Tokens { get; private set; }

    /// <summary>B.</summary>
    public int Sequences { get; private set; }

    public int LongestSequence { get; private set; }

    /// <summary>Rows behind the last sequence that belong to none.</summary>
    public int TrailingRows { get; private set; }

    /// <summary>Pairs of rows i ≥ j of one sequence: Σ n(n + 1)/2, the scores of causal attention.</summary>
    public long CausalPairs
    {
        get
        {
            long pairs = 0;
            for (var b = 0; b < Sequences; b++)
            {
                long length = _offsets[b + 1] - _offsets[b];
                pairs += length * (length + 1) / 2;
            }

            return pairs;
        }
    }

    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Sequences + 1);

    public bool HasTimes { get; private set; }

    /// <summary>[T, and what is left of the buffer].</summary>
    internal int[] EventSeconds => _eventSeconds;

    /// <summary>[T, and what is left of the buffer].</summary>
    internal int[] NextSeconds => _nextSeconds;

    /// <summary>What a device has prepared from this layout for its attention (the runs of equal time buckets, say), made once a batch.</summary>
    internal object? Preparation { get; set; }

    /// <summary>Replaces the sequences. Nothing of a step that is still open may rest on the former ones.</summary>
    /// <param name="offsets">[B+1], from 0, never decreasing.</param>
    /// <param name="eventSeconds">[offsets[B]], the time of each event in seconds from any origin of the sequence's own, never decreasing within a sequence;
    /// empty without times.</param>
    /// <param name="nextSeconds">[offsets[B]], the time of the event after each (the request's time for the last), on the same clock.</param>
    /// <param name="trailingRows">Rows behind them that belong to no sequence.</param>
    /// <exception cref="ArgumentException">Offsets or times break these rules; the layout is as it was.</exception>
    public void Assign(ReadOnlySpan<int> offsets, ReadOnlySpan<int> eventSeconds = default, ReadOnlySpan<int> nextSeconds = default, int trailingRows = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trailingRows);
        var longest = LongestOf(offsets);
        var tokens = offsets[^1];
        var hasTimes = !(eventSeconds.IsEmpty && nextSeconds.IsEmpty);
        if (hasTimes)
        {
            if (eventSeconds.Length != tokens || nextSeconds.Length != tokens)
            {
                throw new ArgumentException($"layout: {tokens} tokens need as many times; given are {eventSeconds.Length} events' and "
                    + $"{nextSeconds.Length} next events'");
            }

            CheckTimes(offsets, eventSeconds, nextSeconds);
        }

        (Tokens, TrailingRows, Sequences, LongestSequence, HasTimes, Preparation) =
            (checked(tokens + trailingRows), trailingRows, offsets.Length - 1, longest, hasTimes, null);
        Copy(offsets, 0, ref _offsets);
        Copy(eventSeconds, hasTimes ? trailingRows : 0, ref _eventSeconds);
        Copy(nextSeconds, hasTimes ? trailingRows : 0, ref _nextSeconds);
    }

    private static void Copy(ReadOnlySpan<int> values, int zeros, ref int[] buffer)
    {
        var length = values.Length + zeros;
        if (buffer.Length < length)
        {
            buffer = new int[Math.Max(length, 2 * buffer.Length)];
        }

        values.CopyTo(buffer);
        buffer.AsSpan(values.Length, zeros).Clear();
    }

    private static int LongestOf(ReadOnlySpan<int> offsets)
    {
        if (offsets.IsEmpty || offsets[0] != 0)
        {
            throw new ArgumentException("layout: offsets start with 0 and have one entry more than there are sequences");
        }

        var longest = 0;
        for (var b = 0; b + 1 < offsets.Length; b++)
        {
            var length = offsets[b + 1] - offsets[b];
            if (length < 0)
            {
                throw new ArgumentException($"layout: offsets decrease from {offsets[b]} to {offsets[b + 1]} at sequence {b}");
            }

            longest = Math.Max(longest, length);
        }

        return longest;
    }

    /// <summary>Times sorted within a sequence make the bucket of a row fall along its columns: what the attention's runs rest on.</summary>
    private static void CheckTimes(ReadOnlySpan<int> offsets, ReadOnlySpan<int> eventSeconds, ReadOnlySpan<int> nextSeconds)
    {
        for (var b = 0; b + 1 < offsets.Length; b++)
        {
            for (var t = offsets[b]; t < offsets[b + 1]; t++)
            {
                var last = t + 1 == offsets[b + 1];
                if (nextSeconds[t] < eventSeconds[t] || (!last && eventSeconds[t + 1] < eventSeconds[t]))
                {
                    throw new ArgumentException($"layout: times of sequence {b} decrease after its row {t - offsets[b]}; sort the events by time");
                }
            }
        }
    }
}

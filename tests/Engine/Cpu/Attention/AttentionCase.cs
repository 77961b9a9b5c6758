using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Attention;

/// <summary>A batch with all that its attention needs. Times have ties, seconds, days and years between them.</summary>
internal sealed class AttentionCase
{
    private static readonly int[] Gaps = [0, 0, 0, 1, 1, 2, 7, 40, 90, 3600, 86_400, 40_000_000];

    public AttentionCase(int[] lengths, int heads, int keyWidth, int valueWidth, bool position, bool time, int normalizer = 0)
    {
        (Heads, KeyWidth, ValueWidth) = (heads, keyWidth, valueWidth);
        Offsets = [0, .. lengths.Select((_, b) => lengths[..(b + 1)].Sum())];
        Normalizer = normalizer > 0 ? normalizer : Math.Max(1, lengths.Max()) + 11;
        (EventSeconds, NextSeconds) = MakeTimes(lengths, Tokens);
        Queries = TestMatrix.Normal("queries", Tokens * heads * keyWidth);
        Keys = TestMatrix.Normal("keys", Tokens * heads * keyWidth);
        Values = TestMatrix.Normal("values", Tokens * heads * valueWidth);
        OutputGradient = TestMatrix.Normal("output gradient", Tokens * heads * valueWidth);
        Position = position ? TestMatrix.Normal("position", (2 * Normalizer) - 1) : null;
        Time = time ? TestMatrix.Normal("time", TimeBuckets.Count) : null;
    }

    public int Heads { get; }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    public int Normalizer { get; }

    public int[] Offsets { get; }

    public int Tokens => Offsets[^1];

    public bool HasTimes => Time is not null;

    public int[] EventSeconds { get; }

    public int[] NextSeconds { get; }

    public float[] Queries { get; }

    public float[] Keys { get; }

    public float[] Values { get; }

    public float[] OutputGradient { get; }

    public float[]? Position { get; }

    public float[]? Time { get; }

    public JaggedLayout Layout() => HasTimes ? new(Offsets, EventSeconds, NextSeconds) : new(Offsets);

    public override string ToString() =>
        $"lengths {string.Join(',', Enumerable.Range(0, Offsets.Length - 1).Select(b => Offsets[b + 1] - Offsets[b]))}, {Heads} heads of {KeyWidth} and "
            + $"{ValueWidth}, "
        + $"{(Position is null ? "no position" : "position")}, {(Time is null ? "no time" : "time")}";

    private static (int[] Events, int[] Next) MakeTimes(int[] lengths, int tokens)
    {
        var stream = new PhiloxStream(11, "times");
        int[] events = new int[tokens], next = new int[tokens];
        var token = 0;
        foreach (var length in lengths)
        {
            // A sequence of its own origin, the earliest at the bottom of 32 bits, and never beyond their top.
            long time = token == 0 ? int.MinValue : stream.NextBelow(1000);
            for (var i = 0; i < length; i++, token++)
            {
                events[token] = (int)time;
                time = Math.Min(int.MaxValue, time + Gaps[stream.NextBelow(Gaps.Length)]);
                next[token] = (int)time;
            }
        }

        return (events, next);
    }
}

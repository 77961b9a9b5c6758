using LargeRec.Engine.Operations;

namespace LargeRec.Models.Layers;

/// <summary>Attention as a block has it.</summary>
/// <param name="Heads">H.</param>
/// <param name="Dqk">Width of a head's queries and keys.</param>
/// <param name="Dv">Width of a head's values.</param>
/// <param name="Normalizer">N, the padded length.</param>
public sealed record AttentionOptions(int Heads, int Dqk, int Dv, int Normalizer)
{
    /// <summary>G, heads of keys and values; 0 for H.</summary>
    public int KeyHeads { get; init; }

    public AttentionWeighting Weighting { get; init; }

    /// <summary>What scores are multiplied by.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>A bias by distance; none for none.</summary>
    public ParameterSetting? PositionBias { get; init; }

    /// <summary>A bias by the bucket of the time between; none for none.</summary>
    public ParameterSetting? TimeBias { get; init; }

    /// <summary>A bias by a function of the time between instead, its factor and its exponent; none for none.</summary>
    public (ParameterSetting Factor, ParameterSetting Exponent)? TimePower { get; init; }

    /// <summary>θ of rotary positions; null for none.</summary>
    public float? RotaryTheta { get; init; }

    /// <summary>Of the weights.</summary>
    public float Dropout { get; init; }

    public AttentionChannels Channels { get; init; }

    /// <summary>Whether there are queries and keys.</summary>
    public bool HasScores => Channels != AttentionChannels.BiasesAlone;

    /// <summary>Whether events need times.</summary>
    public bool NeedsTimes => TimeBias is not null || TimePower is not null;

    /// <summary>Columns of all queries.</summary>
    public int QueryWidth => HasScores ? Heads * Dqk : 0;

    /// <summary>Columns of all keys.</summary>
    public int KeyWidth => HasScores ? Groups * Dqk : 0;

    /// <summary>Columns of all values.</summary>
    public int ValueWidth => Groups * Dv;

    /// <summary>Columns of all outputs.</summary>
    public int OutputWidth => Heads * Dv * (Channels == AttentionChannels.None ? 1 : Autograd.Functions.ChannelAttention.ChannelCount(HasScores));

    private int Groups => KeyHeads == 0 ? Heads : KeyHeads;

    /// <exception cref="ArgumentException">A value is impossible.</exception>
    internal void Validate()
    {
        Require(Heads >= 1 && Dqk >= 1 && Dv >= 1, $"{Heads} heads of dqk {Dqk} and dv {Dv}", "at least 1 each");
        Require(KeyHeads >= 0 && Heads % Groups == 0, $"{KeyHeads} heads of keys for {Heads} heads", "a divisor of them");
        Require(RotaryTheta is null || Dqk % 2 == 0, $"rotary positions with dqk {Dqk}", "an even width");
        Require(Dropout is >= 0 and < 1, $"attention dropout {Dropout}", "at least 0 and below 1");
        Require(TimeBias is null || TimePower is null, "a time bias by bucket and one by a function", "one of them");
        Require(Channels == AttentionChannels.None || (PositionBias is not null && NeedsTimes && Groups == Heads), "channels",
            "with both biases and as many heads of keys");
    }

    private static void Require(bool holds, string given, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"attention: {given}; it must be {allowed}");
        }
    }
}

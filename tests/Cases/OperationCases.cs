using LargeRec.Cases.Functions;

namespace LargeRec.Cases;

/// <summary>Every differentiable function at every shape that its kernels may stumble over. Adding a function adds a line here.</summary>
public static class OperationCases
{
    /// <summary>Small: shapes of 0, 1, odd, just over a tile, ragged with empty sequences.</summary>
    public static IReadOnlyList<OperationCase> All { get; } =
    [
        .. LayerNormCase.All,
        .. L2NormalizeCase.All,
        .. ProjectionCases.All,
        .. LinearCase.All,
        .. SplitColumnsCase.All,
        .. HstuAttentionCase.All,
        .. GatedLayerNormCase.All,
        .. EmbedSequencesCase.All,
        .. SampledSoftmaxCase.All,
        .. FullSoftmaxCase.All,
        .. SampledBinaryCrossEntropyCase.All,
        .. AttentionCase.All,
        .. RotateCase.All,
        .. NormalizeCase.All,
        .. GateCases.All,
        .. DropoutCase.All,
        .. PackedLinearCase.All,
        .. ActivationCase.All,
    ];

    /// <summary>Those of <see cref="All"/> that a GPU has too.</summary>
    public static IEnumerable<OperationCase> OnDevices => All.Where(c => !c.IsCpuOnly);

    /// <summary>The sizes of one published ML-1M step, for benchmarks: 128 full sequences of 200, width 50, 3,953 rows, 128 negatives.</summary>
    public static IReadOnlyList<OperationCase> PublishedStep { get; } = CreatePublishedStep();

    private static OperationCase[] CreatePublishedStep()
    {
        const int Width = 50;
        var sequences = new CaseSequences([.. Enumerable.Repeat(200, 128)]);
        var tokens = sequences.Tokens;
        return
        [
            new EmbedSequencesCase(sequences, 3953, Width, positions: true, 0.2f, padding: false),
            new LayerNormCase(tokens, Width),
            ProjectionCases.Silu(tokens, Width, 4 * Width),
            new HstuAttentionCase(sequences, 1, Width, Width, position: true, time: true),
            new GatedLayerNormCase(tokens, Width, concatenate: false, 0.2f),
            new LinearCase(tokens, Width, Width, hasBias: true, hasResidual: true),
            new L2NormalizeCase(tokens, Width),
            new L2NormalizeCase(3953, Width),
            new SampledSoftmaxCase(tokens, Width, 3953, 128),
            new FullSoftmaxCase(tokens, Width, 3953),
        ];
    }
}

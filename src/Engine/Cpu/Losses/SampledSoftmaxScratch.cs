namespace LargeRec.Engine.Cpu.Losses;

/// <summary>What one worker needs for one token: its scaled query, the query's gradient, the probabilities, the ids. Small enough for the first-level
/// cache.</summary>
internal readonly unsafe struct SampledSoftmaxScratch
{
    /// <summary>Negatives whose rows are read twice in a row, for the dot products and for the query's gradient, so that the second reading hits the
    /// first-level cache.</summary>
    public const int BlockNegatives = 64;

    private const int Alignment = 16;

    public SampledSoftmaxScratch(float* memory, int columns, int negatives)
    {
        Query = memory;
        QueryGradient = Query + Round(columns);
        Probabilities = QueryGradient + Round(columns);
        Ids = (int*)(Probabilities + Round(negatives));
        BlockMaxima = (float*)(Ids + Round(negatives));
    }

    /// <summary>q/τ, padded with zeros.</summary>
    public float* Query { get; }

    public float* QueryGradient { get; }

    /// <summary>Logits, then exponentials, of the negatives; padded to a multiple of 16.</summary>
    public float* Probabilities { get; }

    /// <summary>Room for the ids of the negatives, padded to a multiple of 16.</summary>
    public int* Ids { get; }

    /// <summary>The maximum that the exponentials of each block are relative to.</summary>
    public float* BlockMaxima { get; }

    public static long Floats(int columns, int negatives) =>
        (2L * Round(columns)) + (2L * Round(negatives)) + Round((negatives / BlockNegatives) + 1);

    private static int Round(int count) => (count + Alignment - 1) / Alignment * Alignment;
}

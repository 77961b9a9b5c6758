using LargeRec.Bench.Step;
using LargeRec.Models.Backbones;
using LargeRec.Training.Optimizers;

namespace LargeRec.Bench.Growth;

/// <summary>One point of a curve: a model, a batch, and how its item table is updated.</summary>
internal sealed record GrowthSetting
{
    public const int Negatives = 128;

    public required HstuOptions Model { get; init; }

    /// <summary>The lengths of the batch's sequences.</summary>
    public required int[] Lengths { get; init; }

    public int Threads { get; init; } = 2;

    public TableOptimizer Table { get; init; } = TableOptimizer.AdamW;

    public int Tokens => Lengths.Sum();

    /// <summary>Rows of the table named in a forward, repetitions counted.</summary>
    public long Uses => (long)Tokens * (Negatives + 2);

    /// <summary>Distinct rows among them, expected: V·(1 − e^(−uses/V)).</summary>
    public double UsedRows => Model.ItemRows * (1 - Math.Exp(-(double)Uses / Model.ItemRows));

    /// <summary>As a training run chooses.</summary>
    public bool HasRowGradients => Table != TableOptimizer.AdamW || Model.ItemRows > Uses / 2;

    /// <summary>
    /// Bytes of memory that the item table costs: its used rows read and their vectors written, the vectors' gradient written, the Jacobian's two reads and a
    /// write, the update; and a row read for every draw, as far as the rows do not fit in cache. Under the dense rule every row of table and moments is read
    /// and written.
    /// </summary>
    public double TableBytes
    {
        get
        {
            double row = Model.Width * sizeof(float);
            var (used, all) = (UsedRows, (double)Model.ItemRows);
            var update = Table switch
            {
                TableOptimizer.LazyAdamW => 7 * used,
                TableOptimizer.RowwiseAdamW => 5 * used,
                _ => (6 * all) + (HasRowGradients ? used : all),
            };
            var shared = 6 * (HasRowGradients ? used : all);
            var draws = used * row > CacheBytes ? Uses : 0;
            return row * (shared + update + draws);
        }
    }

    /// <summary>What a last cache holds, about.</summary>
    private static double CacheBytes => 32 << 20;

    /// <summary>Seconds that the step cannot do without: the layers' and the loss's floor, and the table's bytes.</summary>
    public double FloorSeconds(double gigaflops, double memory, double cache) =>
        StepFloor.Of(Model, Lengths, Negatives).Seconds(gigaflops, memory, cache) + (TableBytes / memory / 1e9);
}

namespace LargeRec.Training.Optimizers;

/// <summary>How embedding tables are updated. The three are different updates, with different results.</summary>
public enum TableOptimizer
{
    /// <summary>As every other parameter: all rows move in each step, those that it does not use by their momentum. Two moments a value.</summary>
    AdamW,

    /// <summary>Only the rows that a step uses move, and only their moments. Two moments a value.</summary>
    LazyAdamW,

    /// <summary>Only the rows that a step uses move; one first moment a value and one second moment a row.</summary>
    RowwiseAdamW,
}

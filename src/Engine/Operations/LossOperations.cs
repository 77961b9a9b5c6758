using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Losses with their gradients in the same pass: a loss is a scalar, so its gradient is known up to the factor that comes back to it.</summary>
public abstract class LossOperations(Device device)
{
    /// <summary>
    /// Sampled softmax (research code, autoregressive_losses): z⁺ = ⟨q_t, e(y_t)⟩/τ, z⁻_r = ⟨q_t, e(n_tr)⟩/τ, z⁻_r = −5·10⁴ where n_tr = y_t;
    /// loss = weight·Σ_t [y_t ≠ 0]·(log(exp z⁺ + Σ_r exp z⁻_r) − z⁺).
    /// </summary>
    /// <param name="queries">[T, D], normalised already.</param>
    /// <param name="items">[V, D], normalised already.</param>
    /// <param name="labels">[T], y; 0 is no label.</param>
    /// <param name="negatives">[T·R], row-major by token.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="weight">What each token counts: 1 over the step's tokens with a label.</param>
    /// <param name="loss">A scalar, overwritten.</param>
    /// <param name="queryGradient">[T, D], overwritten with d loss/d queries; none if not wanted.</param>
    /// <param name="itemGradient">[V, D], overwritten with d loss/d items; wanted together with the queries' or not at all. It may be items itself.</param>
    /// <param name="catalogueRows">
    /// Where items are only the used rows of a larger table: the rows of that table, by which the order of sums is chosen, so that the bits are those of the
    /// whole table.
    /// </param>
    /// <param name="usedRows">[V], those rows' numbers in that table, ascending.</param>
    /// <exception cref="ArgumentException">Shapes differ, or an id is outside the table.</exception>
    public void SampledSoftmax(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient,
        int? catalogueRows = null,
        IndexTensor? usedRows = null)
    {
        const string Operation = "sampled softmax";
        Check.Arrays(Operation, device, queries, items, labels, negatives, loss, queryGradient, itemGradient);
        Check.SameColumns(Operation, "queries", queries, "items", items);
        Check.Length(Operation, "labels", labels, queries.Rows);
        Check.That(
            queries.Rows == 0 ? negatives.Length == 0 : negatives.Length % queries.Rows == 0,
            Operation,
            $"{negatives.Length} negatives do not divide among {queries.Rows} tokens");
        Check.That(temperature > 0, Operation, $"the temperature {temperature} must be above 0");
        Check.Extent(Operation, "loss", loss, 1, 1);
        Check.That(queryGradient is null == itemGradient is null, Operation, "the gradients of queries and items are wanted together or not at all");
        if (queryGradient is not null && itemGradient is not null)
        {
            Check.SameShape(Operation, "the gradient of queries", queryGradient, "queries", queries);
            Check.SameShape(Operation, "the gradient of items", itemGradient, "items", items);
        }

        device.Count?.Add(Operation, (queryGradient is null ? 2.0 : 6.0) * (queries.Rows + negatives.Length) * queries.Columns);
        SampledSoftmaxCore(queries, items, labels, negatives, temperature, weight, loss, queryGradient, itemGradient, catalogueRows ?? items.Rows, usedRows);
    }

    protected abstract void SampledSoftmaxCore(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient,
        int catalogueRows,
        IndexTensor? usedRows);
}

using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Losses with their gradients in the same pass: a loss is a scalar, so its gradient is known up to the factor that comes back to it.</summary>
public abstract class LossOperations(Device device)
{
    /// <summary>An offset of <see cref="FullSoftmax"/> that leaves a row out: exp of it is 0 beside any logit.</summary>
    public const float Excluded = -1e30f;

    private const string BinaryName = "binary cross-entropy";

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
    /// <param name="offsets">
    /// [1, V], o, added to every z by its item, −ln Q(item) for draws from Q (logQ correction: Bengio and Senécal, 2008; Yi et al., 2019); none adds nothing.
    /// </param>
    /// <exception cref="ArgumentException">Shapes differ, or an id is outside the table.</exception>
    /// <exception cref="NotSupportedException">There are offsets, and the device takes none.</exception>
    public void SampledSoftmax(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient,
        int? catalogueRows = null,
        IndexTensor? usedRows = null,
        Tensor? offsets = null)
    {
        const string Operation = "sampled softmax";
        CheckSampled(Operation, queries, items, labels, negatives, temperature, loss, queryGradient, itemGradient);
        if (offsets is not null)
        {
            Check.Arrays(Operation, device, offsets);
            Check.Extent(Operation, "offsets", offsets, 1, items.Rows);
        }

        SampledSoftmaxCore(
            queries, items, labels, negatives, temperature, weight, loss, queryGradient, itemGradient, catalogueRows ?? items.Rows, usedRows, offsets);
    }

    /// <summary>
    /// Binary cross-entropy of the label against R draws: with z as in <see cref="SampledSoftmax"/> and draws that are the label left out,
    /// loss = weight/(R + 1)·Σ_t [y_t ≠ 0]·(−β·ln σ(z⁺) − Σ_r ln(1 − σ(z⁻_r))). β = 1 is SASRec's (Kang and McAuley, 2018, there with one draw), a β
    /// below 1 the generalised one of gSASRec (Petrov and Macdonald, 2023).
    /// </summary>
    /// <param name="queries">[T, D].</param>
    /// <param name="items">[V, D].</param>
    /// <param name="labels">[T], y; 0 is no label.</param>
    /// <param name="negatives">[T·R], row-major by token.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="positivePower">β, above 0.</param>
    /// <param name="weight">What each token counts: 1 over the step's tokens with a label.</param>
    /// <param name="loss">A scalar, overwritten.</param>
    /// <param name="queryGradient">[T, D], overwritten with d loss/d queries; none if not wanted.</param>
    /// <param name="itemGradient">[V, D], overwritten with d loss/d items; wanted together with the queries' or not at all.</param>
    /// <exception cref="ArgumentException">Shapes differ, or an id is outside the table.</exception>
    /// <exception cref="NotSupportedException">The device does not have it.</exception>
    public void SampledBinaryCrossEntropy(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float positivePower, float weight, Tensor loss,
        Tensor? queryGradient,
        Tensor? itemGradient)
    {
        CheckSampled(BinaryName, queries, items, labels, negatives, temperature, loss, queryGradient, itemGradient);
        Check.That(positivePower > 0 && float.IsFinite(positivePower), BinaryName, $"beta is {positivePower} and must be above 0");
        SampledBinaryCrossEntropyCore(queries, items, labels, negatives, temperature, positivePower, weight, loss, queryGradient, itemGradient);
    }

    /// <summary>
    /// Softmax over every row of a table: z_tj = (⟨q_t, e_j⟩ + o_j)/τ; loss = weight·Σ_t [y_t ≠ 0]·(log Σ_j exp z_tj − z_t,y_t). The label's own row is
    /// one of the j and counts once. Logits live for a block of tokens at a time, never for all T.
    /// </summary>
    /// <param name="queries">[T, D].</param>
    /// <param name="items">[V, D], V at least 1.</param>
    /// <param name="offsets">[1, V], o: 0 for an item that counts, <see cref="Excluded"/> for a row that does not; none adds nothing.</param>
    /// <param name="labels">[T], y; 0 is no label.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="weight">What each token counts: 1 over the step's tokens with a label.</param>
    /// <param name="loss">A scalar, overwritten.</param>
    /// <param name="queryGradient">[T, D], overwritten with d loss/d queries; none if not wanted. It must not overlap queries or items.</param>
    /// <param name="itemGradient">[V, D], overwritten with d loss/d items; wanted together with the queries' or not at all; overlaps nothing.</param>
    /// <exception cref="ArgumentException">Shapes differ, or a label is outside the table.</exception>
    /// <exception cref="NotSupportedException">The device does not have it.</exception>
    public void FullSoftmax(
        Tensor queries, Tensor items, Tensor? offsets, IndexTensor labels, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient)
    {
        const string Operation = "full softmax";
        Check.Arrays(Operation, device, queries, items, offsets, labels, loss, queryGradient, itemGradient);
        Check.SameColumns(Operation, "queries", queries, "items", items);
        Check.That(items.Rows > 0, Operation, "there are no items");
        Check.Length(Operation, "labels", labels, queries.Rows);
        CheckScale(Operation, temperature, loss);
        if (offsets is not null)
        {
            Check.Extent(Operation, "offsets", offsets, 1, items.Rows);
        }

        CheckGradients(Operation, queries, items, queryGradient, itemGradient);
        FullSoftmaxCore(queries, items, offsets, labels, temperature, weight, loss, queryGradient, itemGradient);
    }

    protected virtual void FullSoftmaxCore(
        Tensor queries, Tensor items, Tensor? offsets, IndexTensor labels, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient) => throw Check.Unsupported("full softmax", device);

    protected abstract void SampledSoftmaxCore(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float weight, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient,
        int catalogueRows,
        IndexTensor? usedRows,
        Tensor? offsets);

    protected virtual void SampledBinaryCrossEntropyCore(
        Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, float positivePower, float weight, Tensor loss,
        Tensor? queryGradient,
        Tensor? itemGradient) => throw Check.Unsupported(BinaryName, device);

    private void CheckSampled(
        string operation, Tensor queries, Tensor items, IndexTensor labels, IndexTensor negatives, float temperature, Tensor loss, Tensor? queryGradient,
        Tensor? itemGradient)
    {
        Check.Arrays(operation, device, queries, items, labels, negatives, loss, queryGradient, itemGradient);
        Check.SameColumns(operation, "queries", queries, "items", items);
        Check.Length(operation, "labels", labels, queries.Rows);
        Check.That(
            queries.Rows == 0 ? negatives.Length == 0 : negatives.Length % queries.Rows == 0,
            operation,
            $"{negatives.Length} negatives do not divide among {queries.Rows} tokens");
        CheckScale(operation, temperature, loss);
        CheckGradients(operation, queries, items, queryGradient, itemGradient);
        device.Count?.Add(operation, (queryGradient is null ? 2.0 : 6.0) * (queries.Rows + negatives.Length) * queries.Columns);
    }

    private static void CheckScale(string operation, float temperature, Tensor loss)
    {
        Check.That(temperature > 0, operation, $"the temperature {temperature} must be above 0");
        Check.Extent(operation, "loss", loss, 1, 1);
    }

    private static void CheckGradients(string operation, Tensor queries, Tensor items, Tensor? queryGradient, Tensor? itemGradient)
    {
        Check.That(queryGradient is null == itemGradient is null, operation, "the gradients of queries and items are wanted together or not at all");
        if (queryGradient is not null && itemGradient is not null)
        {
            Check.SameShape(operation, "the gradient of queries", queryGradient, "queries", queries);
            Check.SameShape(operation, "the gradient of items", itemGradient, "items", items);
        }
    }
}

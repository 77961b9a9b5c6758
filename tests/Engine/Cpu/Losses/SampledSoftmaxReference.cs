namespace LargeRec.Engine.Tests.Cpu.Losses;

/// <summary>The sampled softmax and its gradients in float64, straight from the formula.</summary>
internal sealed record SampledSoftmaxReference(double Loss, double[] QueryGradient, double[] ItemGradient)
{
    public static SampledSoftmaxReference Compute(
        ReadOnlySpan<float> queries, ReadOnlySpan<float> items, ReadOnlySpan<int> labels, ReadOnlySpan<int> negatives, int columns, double temperature,
        double weight)
    {
        var perToken = labels.Length == 0 ? 0 : negatives.Length / labels.Length;
        var (loss, queryGradient, itemGradient) = (0.0, new double[queries.Length], new double[items.Length]);
        var logits = new double[perToken + 1];
        for (var t = 0; t < labels.Length; t++)
        {
            if (labels[t] == 0)
            {
                continue;
            }

            for (var r = 0; r <= perToken; r++)
            {
                var item = r == perToken ? labels[t] : negatives[(t * perToken) + r];
                logits[r] = r < perToken && item == labels[t] ? -5e4 : Dot(queries, t, items, item, columns) / temperature;
            }

            var maximum = logits.Max();
            var sum = logits.Sum(z => Math.Exp(z - maximum));
            loss += weight * (Math.Log(sum) + maximum - logits[perToken]);
            for (var r = 0; r <= perToken; r++)
            {
                var item = r == perToken ? labels[t] : negatives[(t * perToken) + r];
                if (r < perToken && item == labels[t])
                {
                    continue;
                }

                var factor = weight / temperature * ((Math.Exp(logits[r] - maximum) / sum) - (r == perToken ? 1 : 0));
                for (var d = 0; d < columns; d++)
                {
                    queryGradient[(t * columns) + d] += factor * items[(item * columns) + d];
                    itemGradient[(item * columns) + d] += factor * queries[(t * columns) + d];
                }
            }
        }

        return new SampledSoftmaxReference(loss, queryGradient, itemGradient);
    }

    private static double Dot(ReadOnlySpan<float> queries, int token, ReadOnlySpan<float> items, int item, int columns)
    {
        var sum = 0.0;
        for (var d = 0; d < columns; d++)
        {
            sum += (double)queries[(token * columns) + d] * items[(item * columns) + d];
        }

        return sum;
    }
}

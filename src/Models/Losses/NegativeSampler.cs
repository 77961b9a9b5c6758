using LargeRec.Engine.Profiling;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Losses;

/// <summary>
/// The negatives of a forward pass: R for every token ("local" in the research code) or R for all tokens together, uniform with replacement over the entries of
/// a list or over the different labels of the pass ("in-batch", duplicates removed).
/// </summary>
/// <param name="candidates">
/// What is drawn from: every item that may be recommended, once; or more often drawn items as often as <see cref="PopularityCandidates"/> has them.
/// </param>
/// <param name="negatives">R.</param>
public sealed class NegativeSampler(IndexTensor candidates, int negatives)
{
    private static readonly uint Site = StableHash.Of("loss.negatives");

    private int[] _labels = [];

    /// <summary>R.</summary>
    public int Negatives { get; } = negatives;

    /// <summary>One draw of R for all tokens of a pass. On the CPU device alone.</summary>
    public bool IsShared { get; init; }

    /// <summary>From the pass's own labels, each once, in place of candidates. On the CPU device alone.</summary>
    public bool IsInBatch { get; init; }

    /// <summary>[1, V], −ln Q of each item, the correction for how likely it is drawn; none for draws that are all as likely or not corrected.</summary>
    public Tensor? LogCorrections { get; init; }

    /// <param name="labels">[T]; 0 is no label.</param>
    /// <returns>[T·R].</returns>
    /// <exception cref="ArgumentException">There are more draws than an array holds.</exception>
    public IndexTensor Draw(ForwardContext context, IndexTensor labels)
    {
        var draws = (long)labels.Length * Negatives;
        if (draws > int.MaxValue)
        {
            throw new ArgumentException($"sampled loss: {labels.Length} tokens of {Negatives} negatives are {draws} draws, more than {int.MaxValue}; take "
                + "smaller batches, shorter histories or fewer negatives");
        }

        var device = context.Device;
        var drawn = device.AllocateIndices(IsShared ? Negatives : (int)draws);
        device.Sampling.UniformCandidates(IsInBatch ? Different(labels) : candidates, context.Seed, context.ForwardCount, Site, drawn);
        if (IsShared)
        {
            drawn = device.Upload(Repeated(drawn.ToArray(), labels.Length));
        }

        device.Profile?.Mark("negatives", ProfilePhase.Forward);
        return drawn;
    }

    private static int[] Repeated(int[] values, int times)
    {
        var repeated = new int[values.Length * times];
        for (var i = 0; i < times; i++)
        {
            values.CopyTo(repeated, i * values.Length);
        }

        return repeated;
    }

    /// <summary>The labels of a pass, ascending, each once; 0 where none is labelled, so that something can be drawn.</summary>
    private IndexTensor Different(IndexTensor labels)
    {
        if (_labels.Length < labels.Length)
        {
            _labels = new int[labels.Length];
        }

        var values = _labels.AsSpan(0, labels.Length);
        labels.Device.Download(labels, values);
        values.Sort();
        var count = 0;
        foreach (var label in values)
        {
            if (label != 0 && (count == 0 || label != values[count - 1]))
            {
                values[count++] = label;
            }
        }

        return labels.Device.Upload(count == 0 ? [0] : values[..count]);
    }
}

using LargeRec.Engine.Weights;

namespace LargeRec.Training.Optimizers;

/// <summary>The moments of <see cref="AdamW"/> as safetensors, in both directions: NAME.first_moment and NAME.second_moment of every parameter, the latter one
/// value a row of a table under row-wise AdamW.</summary>
internal static class AdamWState
{
    public static IReadOnlyList<SafetensorsTensor> ToSafetensors(AdamW optimizer)
    {
        var tensors = new List<SafetensorsTensor>();
        foreach (var (name, first, second) in optimizer.Moments)
        {
            tensors.Add(SafetensorsTensor.FromTensor(FirstOf(name), first));
            tensors.Add(SafetensorsTensor.FromTensor(SecondOf(name), second));
        }

        return tensors;
    }

    /// <summary>Copies a file's moments into the optimiser, which then has done so many updates.</summary>
    /// <exception cref="WeightsFormatException">A tensor is missing, unknown or of another shape; nothing is changed then.</exception>
    public static void Load(AdamW optimizer, long step, SafetensorsFile file)
    {
        var targets = new List<(SafetensorsEntry Entry, Engine.Tensors.Tensor Target)>();
        foreach (var (name, first, second) in optimizer.Moments)
        {
            foreach (var (key, target) in new[] { (FirstOf(name), first), (SecondOf(name), second) })
            {
                var entry = file.Get(key);
                if (!entry.Shape.AsSpan().SequenceEqual([.. target.Shape.ToDimensions().Select(d => (long)d)]))
                {
                    throw new WeightsFormatException($"{file.Origin}: tensor '{key}' is {entry.ShapeText}, the model has {target.Shape}; is the "
                        + "checkpoint of this run?");
                }

                targets.Add((entry, target));
            }
        }

        if (targets.Count != file.Entries.Length)
        {
            throw new WeightsFormatException($"{file.Origin}: has {file.Entries.Length} tensors where the model's optimiser has {targets.Count}; is the "
                + "checkpoint of this run?");
        }

        file.ReadInto(targets);
        optimizer.Resume(step);
    }

    private static string FirstOf(string name) => $"{name}.first_moment";

    private static string SecondOf(string name) => $"{name}.second_moment";
}

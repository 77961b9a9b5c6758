using LargeRec.Engine.Weights;

namespace LargeRec.Training.Optimizers;

/// <summary>The moments of <see cref="AdamW"/> as safetensors, in both directions: NAME.first_moment and NAME.second_moment of every parameter.</summary>
internal static class AdamWState
{
    public static IReadOnlyList<SafetensorsTensor> ToSafetensors(AdamW optimizer)
    {
        var tensors = new List<SafetensorsTensor>();
        foreach (var (name, first, second) in optimizer.Moments)
        {
            long[] shape = [.. first.Shape.ToDimensions().Select(d => (long)d)];
            tensors.Add(SafetensorsTensor.FromSingles(FirstOf(name), shape, first.ToArray()));
            tensors.Add(SafetensorsTensor.FromSingles(SecondOf(name), shape, second.ToArray()));
        }

        return tensors;
    }

    /// <summary>Copies a file's moments into the optimiser, which then has done so many updates.</summary>
    /// <exception cref="WeightsFormatException">A tensor is missing, unknown or of another shape; nothing is changed then.</exception>
    public static void Load(AdamW optimizer, long step, SafetensorsFile file)
    {
        var read = new List<(Engine.Tensors.Tensor Target, float[] Values)>();
        foreach (var (name, first, second) in optimizer.Moments)
        {
            foreach (var (key, target) in new[] { (FirstOf(name), first), (SecondOf(name), second) })
            {
                var entry = file.Get(key);
                if (!entry.Shape.AsSpan().SequenceEqual([.. target.Shape.ToDimensions().Select(d => (long)d)]))
                {
                    throw new WeightsFormatException($"{file.Origin}: tensor '{key}' is {entry.ShapeText}, the model has {target.Shape}; is the checkpoint of this run?");
                }

                read.Add((target, file.ReadSingles(entry)));
            }
        }

        if (read.Count != file.Entries.Length)
        {
            throw new WeightsFormatException($"{file.Origin}: has {file.Entries.Length} tensors where the model's optimiser has {read.Count}; is the checkpoint of this run?");
        }

        foreach (var (target, values) in read)
        {
            target.Device.Upload(values, target);
        }

        optimizer.Resume(step);
    }

    private static string FirstOf(string name) => $"{name}.first_moment";

    private static string SecondOf(string name) => $"{name}.second_moment";
}

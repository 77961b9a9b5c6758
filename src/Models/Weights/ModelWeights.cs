using LargeRec.Engine.Weights;

namespace LargeRec.Models.Weights;

/// <summary>A model's weights as safetensors under the names of the public research code, in both directions.</summary>
public static class ModelWeights
{
    private const string DataParallelPrefix = "module.";
    private const string MaskBuffer = "_attn_mask";

    /// <summary>The parameters, in their order, as tensors of a safetensors file; their values are read when it is written.</summary>
    public static IReadOnlyList<SafetensorsTensor> ToSafetensors(Module module) =>
    [
        .. module.Parameters.Select(p => SafetensorsTensor.FromTensor(p.Name, p.Value, Dimensions(p))),
    ];

    /// <summary>
    /// Copies a file's weights into the model. A prefix "module." (of data-parallel training) is taken off and the buffer "_attn_mask" passed over; anything
    /// else must match name by name and shape by shape, else nothing is changed.
    /// </summary>
    /// <exception cref="WeightsFormatException">The file is malformed, a tensor is missing, unknown or of another shape.</exception>
    public static void Load(Module module, SafetensorsFile file)
    {
        var entries = new Dictionary<string, SafetensorsEntry>();
        foreach (var entry in file.Entries)
        {
            var name = entry.Name.StartsWith(DataParallelPrefix, StringComparison.Ordinal) ? entry.Name[DataParallelPrefix.Length..] : entry.Name;
            if (name != MaskBuffer && !entries.TryAdd(name, entry))
            {
                throw new WeightsFormatException($"{file.Origin}: tensor '{name}' stands there twice, with and without the prefix '{DataParallelPrefix}'");
            }
        }

        foreach (var parameter in module.Parameters)
        {
            if (!entries.Remove(parameter.Name, out var entry))
            {
                throw new WeightsFormatException($"{file.Origin}: tensor '{parameter.Name}' {parameter.Shape} is missing; does the configuration (layers, "
                    + "bias) fit these weights?");
            }

            if (!entry.Shape.AsSpan().SequenceEqual(Dimensions(parameter)))
            {
                throw new WeightsFormatException($"{file.Origin}: tensor '{parameter.Name}' is {entry.ShapeText}, the model has {parameter.Shape}; does the "
                    + "configuration fit these weights?");
            }
        }

        if (entries.Count > 0)
        {
            throw new WeightsFormatException($"{file.Origin}: the model has no tensor '{entries.Keys.Order(StringComparer.Ordinal).First()}' "
                + $"({entries.Count} such); does the configuration (layers, bias) fit these weights?");
        }

        file.ReadInto([.. module.Parameters.Select(p => (Find(file, p.Name), p.Value))]);
    }

    private static SafetensorsEntry Find(SafetensorsFile file, string name) => file.Find(name) ?? file.Get(DataParallelPrefix + name);

    private static long[] Dimensions(Parameter parameter)
    {
        long[] dimensions = [.. parameter.Shape.ToDimensions().Select(d => (long)d)];
        return parameter.IsConvolution ? [.. dimensions, 1] : dimensions;
    }
}

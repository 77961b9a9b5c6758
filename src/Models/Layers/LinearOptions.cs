namespace LargeRec.Models.Layers;

/// <summary>A weight [output, input] and its bias.</summary>
public sealed record LinearOptions(ParameterSetting Weight, ParameterSetting Bias);

namespace LargeRec.Engine.Steps;

/// <summary>
/// A computation that recurs: equal keys launch the same kernels on the same sizes, with other values in the same places. Whatever decides a launch besides
/// <see cref="StepValues"/> and the inputs' values must follow from it.
/// </summary>
/// <param name="Owner">Whose computation it is; told apart by reference.</param>
/// <param name="Rows">T, <see cref="Device.PaddedRows"/> of the tokens.</param>
/// <param name="Sequences">B.</param>
/// <param name="Adds">Whether it adds to gradients that are there.</param>
public readonly record struct StepKey(object Owner, int Rows = 0, int Sequences = 0, bool Adds = false);

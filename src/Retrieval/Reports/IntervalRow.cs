namespace LargeRec.Retrieval.Reports;

/// <summary>A row of an <see cref="IntervalChart"/>.</summary>
/// <param name="Name">What stands beside it.</param>
/// <param name="Value">A finite number.</param>
/// <param name="Interval">Where it lies, if that is known.</param>
public sealed record IntervalRow(string Name, double Value, (double Low, double High)? Interval = null);

namespace LargeRec.Retrieval.Reports;

/// <summary>Where a value lies at a place along the axis, as an interval; all numbers are finite.</summary>
public readonly record struct ChartBand(double X, double Low, double High);

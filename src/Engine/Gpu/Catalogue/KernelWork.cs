namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>What an operation cannot do without: a product and a sum are two operations; every input read and every output written once.</summary>
public readonly record struct KernelWork(double Operations, double Bytes);

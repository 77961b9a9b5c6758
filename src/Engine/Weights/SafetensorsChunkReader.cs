namespace LargeRec.Engine.Weights;

/// <summary>Fills <paramref name="destination"/> with a tensor's elements, row-major, from element <paramref name="first"/> on.</summary>
public delegate void SafetensorsChunkReader(long first, Span<float> destination);

namespace LargeRec.Engine.Weights;

/// <summary>Fills <paramref name="destination"/> with a tensor's elements from element <paramref name="first"/> on, in row-major order.</summary>
public delegate void SafetensorsChunkReader(long first, Span<float> destination);

using LargeRec.Engine.Randomness;

namespace LargeRec.Models;

/// <summary>A distribution of first values, in the terms of PyTorch's torch.nn.init.</summary>
public abstract record Initializer
{
    /// <summary>Every value the same: a bias of 0, a norm's factor of 1.</summary>
    public static Initializer Constant(double value) => new ConstantInitializer(value);

    /// <summary>N(0, std).</summary>
    public static Initializer Normal(double std) => new NormalInitializer(std);

    /// <summary>N(0, 1) within (−2, 2), times std (the realised deviation is 0.880 times it): the public research code's rule of four draws.</summary>
    public static Initializer TruncatedNormal(double std) => new TruncatedNormalInitializer(std);

    /// <summary>N(0, sqrt(2/(fanIn + fanOut))) (Glorot and Bengio 2010).</summary>
    public static Initializer XavierNormal(int fanIn, int fanOut) => new NormalInitializer(Math.Sqrt(2.0 / (fanIn + fanOut)));

    /// <summary>U(−a, a) with a = sqrt(6/(fanIn + fanOut)).</summary>
    public static Initializer XavierUniform(int fanIn, int fanOut) => new UniformInitializer(Math.Sqrt(6.0 / (fanIn + fanOut)));

    /// <summary>U(−bound, bound).</summary>
    public static Initializer Uniform(double bound) => new UniformInitializer(bound);

    /// <summary>U(low, high).</summary>
    public static Initializer Uniform(double low, double high) => new UniformInitializer((high - low) / 2, (low + high) / 2);

    internal abstract void Fill(Span<float> values, PhiloxStream stream);

    private sealed record ConstantInitializer(double Value) : Initializer
    {
        internal override void Fill(Span<float> values, PhiloxStream stream) => values.Fill((float)Value);
    }

    private sealed record NormalInitializer(double Std) : Initializer
    {
        internal override void Fill(Span<float> values, PhiloxStream stream)
        {
            foreach (ref var value in values)
            {
                value = (float)(stream.NextNormal() * Std);
            }
        }
    }

    private sealed record TruncatedNormalInitializer(double Std) : Initializer
    {
        internal override void Fill(Span<float> values, PhiloxStream stream)
        {
            foreach (ref var value in values)
            {
                value = (float)(stream.NextTruncatedNormal() * Std);
            }
        }
    }

    private sealed record UniformInitializer(double Bound, double Middle = 0) : Initializer
    {
        internal override void Fill(Span<float> values, PhiloxStream stream)
        {
            foreach (ref var value in values)
            {
                value = (float)((((2 * stream.NextDouble()) - 1) * Bound) + Middle);
            }
        }
    }
}

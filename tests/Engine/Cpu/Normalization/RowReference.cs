using System.Numerics;

namespace LargeRec.Engine.Tests.Cpu.Normalization;

/// <summary>Normalisations of one row as their definitions say, in float64 (the truth) or float32 (the plain implementation).</summary>
internal static class RowReference
{
    public static T[] LayerNorm<T>(T[] x, T epsilon)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        var (mean, scale) = Statistics(x, epsilon);
        return [.. x.Select(v => (v - mean) * scale)];
    }

    public static T[] LayerNormBackward<T>(T[] x, T epsilon, T[] dy)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        var (_, scale) = Statistics(x, epsilon);
        var n = LayerNorm(x, epsilon);
        var count = T.CreateChecked(x.Length);
        var meanDy = Sum(dy) / count;
        var meanProduct = Sum([.. dy.Zip(n, (a, b) => a * b)]) / count;
        return [.. dy.Zip(n, (d, v) => scale * (d - meanDy - (v * meanProduct)))];
    }

    public static T[] L2Normalize<T>(T[] x, T epsilon)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        var norm = T.Sqrt(Sum([.. x.Select(v => v * v)]));
        return [.. x.Select(v => v / (norm > epsilon ? norm : epsilon))];
    }

    public static T[] L2NormalizeBackward<T>(T[] x, T epsilon, T[] dy)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        var norm = T.Sqrt(Sum([.. x.Select(v => v * v)]));
        if (norm <= epsilon)
        {
            return [.. dy.Select(d => d / epsilon)];
        }

        var n = L2Normalize(x, epsilon);
        var along = Sum([.. dy.Zip(n, (a, b) => a * b)]);
        return [.. dy.Zip(n, (d, v) => (d - (v * along)) / norm)];
    }

    /// <summary>dropout(gate·a), or dropout([gate, a, gate·a]); keep holds 0 or 1/(1 − rate).</summary>
    public static T[] Gated<T>(T[] gate, T[] x, T epsilon, bool concatenate, T[] keep)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        var a = LayerNorm(x, epsilon);
        T[] product = [.. gate.Zip(a, (g, v) => g * v)];
        T[] whole = concatenate ? [.. gate, .. a, .. product] : product;
        return [.. whole.Zip(keep, (v, k) => v * k)];
    }

    public static (T[] DGate, T[] Dx) GatedBackward<T>(T[] gate, T[] x, T epsilon, bool concatenate, T[] keep, T[] dy)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        T[] dz = [.. dy.Zip(keep, (d, k) => d * k)];
        var a = LayerNorm(x, epsilon);
        var d = x.Length;
        var product = concatenate ? 2 * d : 0;
        var (dGate, da) = (new T[d], new T[d]);
        for (var c = 0; c < d; c++)
        {
            dGate[c] = (dz[product + c] * a[c]) + (concatenate ? dz[c] : T.Zero);
            da[c] = (dz[product + c] * gate[c]) + (concatenate ? dz[d + c] : T.Zero);
        }

        return (dGate, LayerNormBackward(x, epsilon, da));
    }

    private static (T Mean, T Scale) Statistics<T>(T[] x, T epsilon)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool>
    {
        var count = T.CreateChecked(x.Length);
        var mean = Sum(x) / count;
        var variance = Sum([.. x.Select(v => (v - mean) * (v - mean))]) / count;
        return (mean, T.One / T.Sqrt(variance + epsilon));
    }

    private static T Sum<T>(T[] values)
        where T : IRootFunctions<T>, IComparisonOperators<T, T, bool> => values.Aggregate(T.Zero, (sum, v) => sum + v);
}

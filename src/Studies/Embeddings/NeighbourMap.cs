namespace LargeRec.Studies.Embeddings;

/// <summary>
/// t-SNE, exact (van der Maaten and Hinton 2008): places in the plane whose neighbours are the points' neighbours. With the principal components as first
/// places, small, instead of random ones, the same points give the same map.
/// </summary>
public static class NeighbourMap
{
    private const int Iterations = 500;
    private const int Exaggerated = 100;
    private const double Exaggeration = 4;
    private const double FirstSize = 1e-4;
    private const double Tiny = 1e-12;

    /// <summary>Places [n][2]. Time and memory grow with n².</summary>
    /// <param name="points">[n, d].</param>
    /// <param name="perplexity">About how many neighbours count; at most a third of the points.</param>
    public static double[][] Of(IReadOnlyList<float[]> points, double perplexity = 30, CancellationToken cancellation = default)
    {
        var n = points.Count;
        if (n < 4)
        {
            return n == 0 ? [] : [.. PrincipalComponents.Of(points).Places.Select(p => p.Length == 2 ? p : [p[0], 0])];
        }

        var affinities = Affinities(points, Math.Min(perplexity, (n - 1) / 3.0));
        var places = FirstPlaces(points);
        var (steps, gains, gradient) = (Pairs(n), Pairs(n), Pairs(n));
        Array.ForEach(gains, gain => Array.Fill(gain, 1));
        var similarities = new double[n * n];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            Gradient(affinities, places, similarities, gradient, iteration < Exaggerated ? Exaggeration : 1);
            Move(places, steps, gains, gradient, rate: Math.Max(n / Exaggeration, 50), momentum: iteration < Exaggerated ? 0.5 : 0.8);
        }

        return places;
    }

    /// <summary>Conditional neighbour probabilities of a given perplexity, made symmetric: they sum to 1.</summary>
    internal static double[] Affinities(IReadOnlyList<float[]> points, double perplexity)
    {
        var n = points.Count;
        var p = new double[n * n];
        var row = new double[n];
        for (var i = 0; i < n; i++)
        {
            var distances = points.Select(other => Distance(points[i], other)).ToArray();
            var (low, high, beta) = (0.0, double.PositiveInfinity, 1.0);
            for (var search = 0; search < 100; search++)
            {
                var entropy = Entropy(distances, i, beta, row);
                if (Math.Abs(entropy - Math.Log(perplexity)) < 1e-5)
                {
                    break;
                }

                (low, high) = entropy > Math.Log(perplexity) ? (beta, high) : (low, beta);
                beta = double.IsPositiveInfinity(high) ? beta * 2 : (low + high) / 2;
            }

            for (var j = 0; j < n; j++)
            {
                p[(i * n) + j] += row[j] / (2 * n);
                p[(j * n) + i] += row[j] / (2 * n);
            }
        }

        return p;
    }

    private static double Distance(float[] a, float[] b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
        {
            sum += ((double)a[d] - b[d]) * ((double)a[d] - b[d]);
        }

        return sum;
    }

    /// <summary>Fills a row with exp(−β·distance) over its sum, and gives its entropy in nats.</summary>
    private static double Entropy(double[] distances, int self, double beta, double[] row)
    {
        var nearest = distances.Where((_, j) => j != self).Min();
        var (sum, weighted) = (0.0, 0.0);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j == self ? 0 : Math.Exp(-beta * (distances[j] - nearest));
            sum += row[j];
            weighted += row[j] * (distances[j] - nearest);
        }

        for (var j = 0; j < row.Length; j++)
        {
            row[j] /= sum;
        }

        return Math.Log(sum) + (beta * weighted / sum);
    }

    private static double[][] FirstPlaces(IReadOnlyList<float[]> points)
    {
        var (principal, _) = PrincipalComponents.Of(points);
        var size = Math.Max(Math.Sqrt(principal.Average(p => p[0] * p[0])), Tiny);

        // Points at one place would never part: each is moved by a hair of its own.
        return [.. principal.Select((p, i) => (double[])[FirstSize * ((p[0] / size) + (1e-3 * Math.Cos(i))),
            FirstSize * (((p.Length > 1 ? p[1] : 0) / size) + (1e-3 * Math.Sin(i)))])];
    }

    private static void Gradient(double[] p, double[][] places, double[] similarities, double[][] gradient, double exaggeration)
    {
        var n = places.Length;
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                var (x, y) = (places[i][0] - places[j][0], places[i][1] - places[j][1]);
                var similarity = 1 / (1 + (x * x) + (y * y));
                similarities[(i * n) + j] = similarities[(j * n) + i] = similarity;
                sum += 2 * similarity;
            }
        }

        for (var i = 0; i < n; i++)
        {
            var (x, y) = (0.0, 0.0);
            for (var j = 0; j < n; j++)
            {
                var similarity = similarities[(i * n) + j];
                var force = 4 * ((exaggeration * p[(i * n) + j]) - Math.Max(similarity / sum, Tiny)) * similarity;
                x += force * (places[i][0] - places[j][0]);
                y += force * (places[i][1] - places[j][1]);
            }

            (gradient[i][0], gradient[i][1]) = (x, y);
        }
    }

    private static void Move(double[][] places, double[][] steps, double[][] gains, double[][] gradient, double rate, double momentum)
    {
        for (var i = 0; i < places.Length; i++)
        {
            for (var c = 0; c < 2; c++)
            {
                gains[i][c] = Math.Max(0.01, Math.Sign(gradient[i][c]) == Math.Sign(steps[i][c]) ? gains[i][c] * 0.8 : gains[i][c] + 0.2);
                steps[i][c] = (momentum * steps[i][c]) - (rate * gains[i][c] * gradient[i][c]);
                places[i][c] += steps[i][c];
            }
        }

        for (var c = 0; c < 2; c++)
        {
            var middle = places.Average(place => place[c]);
            Array.ForEach(places, place => place[c] -= middle);
        }
    }

    private static double[][] Pairs(int n) => [.. Enumerable.Range(0, n).Select(_ => new double[2])];
}

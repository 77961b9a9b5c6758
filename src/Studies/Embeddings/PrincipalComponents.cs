using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace LargeRec.Studies.Embeddings;

/// <summary>Principal component analysis (Pearson 1901): the directions of most variance, from the eigenvectors of the covariance.</summary>
public static class PrincipalComponents
{
    /// <summary>Points along their first directions, and the share of the variance that each of these has.</summary>
    /// <param name="points">[n, d], n at least 1.</param>
    /// <param name="count">Directions wanted; fewer where d is smaller.</param>
    /// <returns>Places [n][count], and shares of all variance, 0 where there is none. A direction's largest loading is positive, so that signs are
    /// fixed.</returns>
    public static (double[][] Places, double[] Shares) Of(IReadOnlyList<float[]> points, int count = 2)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Count);
        var (n, d) = (points.Count, points[0].Length);
        var centred = DenseMatrix.Create(n, d, (i, j) => points[i][j]);
        var means = centred.ColumnSums() / n;
        for (var i = 0; i < n; i++)
        {
            centred.SetRow(i, centred.Row(i) - means);
        }

        var covariance = centred.TransposeThisAndMultiply(centred) / n;
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        var total = covariance.Trace();
        count = Math.Min(count, d);
        var places = Enumerable.Range(0, n).Select(_ => new double[count]).ToArray();
        var shares = new double[count];
        for (var c = 0; c < count; c++)
        {
            // Eigenvalues come in ascending order.
            var direction = eigen.EigenVectors.Column(d - 1 - c);
            direction *= Math.Sign(direction[direction.AbsoluteMaximumIndex()]);
            var along = centred * direction;
            shares[c] = total > 0 ? Math.Max(0, eigen.EigenValues[d - 1 - c].Real) / total : 0;
            for (var i = 0; i < n; i++)
            {
                places[i][c] = along[i];
            }
        }

        return (places, shares);
    }
}

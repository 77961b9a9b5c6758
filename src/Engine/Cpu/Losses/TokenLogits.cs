using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>The loss of one token whose logits are all known: a softmax, with offsets or without, or a binary cross-entropy.</summary>
internal static unsafe class TokenLogits
{
    /// <summary>As <see cref="SampledSoftmaxToken.Run"/>, all dot products before the loss.</summary>
    public static double Run<TVector>(
        in SampledSoftmaxInputs inputs, int token, int* negatives, bool collides, in SampledSoftmaxScratch scratch, float* coefficients, float* queryGradient)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        SampledSoftmaxToken.ScaleQuery<TVector>(inputs, token, scratch.Query);
        var count = inputs.NegativesPerToken;
        var values = scratch.Probabilities;
        var positive = inputs.Items + (inputs.Labels[token] * inputs.ItemStride);
        if (count > 0)
        {
            RowDots.Compute<TVector>(scratch.Query, inputs.Items, inputs.ItemStride, inputs.ItemColumns, negatives, Round(count), values);
        }

        var ofPositive = RowDots.One<TVector>(scratch.Query, positive, inputs.ItemColumns);
        var loss = Loss<TVector>(inputs, token, negatives, collides, values, ref ofPositive);
        if (coefficients is not null)
        {
            new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(coefficients, count));
            coefficients[count] = ofPositive;
            new Span<float>(scratch.QueryGradient, (inputs.ItemColumns + TVector.Width - 1) / TVector.Width * TVector.Width).Clear();
            WeightedRows.Gather<TVector>(
                inputs.Items, inputs.ItemStride, inputs.ItemColumns, negatives, values, (count + 7) / 8 * 8, scratch.QueryGradient);
            SampledSoftmaxToken.WriteQueryGradient<TVector>(
                scratch.QueryGradient, inputs.InverseTemperature, positive, ofPositive * inputs.InverseTemperature, inputs.Columns, queryGradient);
        }

        return loss;
    }

    /// <summary>The loss of a token, unweighted.</summary>
    /// <param name="ids">Its negatives.</param>
    /// <param name="coefficients">
    /// [R+1]: the logits of the negatives and, last, of the label; overwritten by what q/τ is multiplied with in the items' gradients.
    /// </param>
    public static double ToCoefficients<TVector>(
        in SampledSoftmaxInputs inputs, int token, int* ids, bool collides, in SampledSoftmaxScratch scratch, float* coefficients)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var count = inputs.NegativesPerToken;
        var values = scratch.Probabilities;
        new ReadOnlySpan<float>(coefficients, count).CopyTo(new Span<float>(values, count));
        var loss = Loss<TVector>(inputs, token, ids, collides, values, ref coefficients[count]);
        new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(coefficients, count));
        return loss;
    }

    /// <summary>Up to whole registers of any width.</summary>
    private static int Round(int count) => (count + 15) / 16 * 16;

    /// <summary>The loss of a token, unweighted; its logits become its coefficients.</summary>
    /// <param name="values">The negatives', in room for a multiple of 16; 0 behind them afterwards.</param>
    /// <param name="positive">The label's.</param>
    private static double Loss<TVector>(
        in SampledSoftmaxInputs inputs, int token, int* ids, bool collides, float* values, ref float positive)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (label, count) = (inputs.Labels[token], inputs.NegativesPerToken);
        if (inputs.Offsets != null)
        {
            positive += inputs.Offsets[label];
            for (var r = 0; r < count; r++)
            {
                values[r] += inputs.Offsets[ids[r]];
            }
        }

        new Span<float>(values + count, Round(count) - count).Fill(inputs.IsBinary ? SampledSoftmaxToken.CollisionLogit : float.NegativeInfinity);
        if (collides)
        {
            SampledSoftmaxToken.OverwriteCollisions(ids, count, label, values, SampledSoftmaxToken.CollisionLogit);
        }

        var loss = inputs.IsBinary ? BinaryCrossEntropy<TVector>(inputs, values, ref positive) : Softmax<TVector>(inputs, values, ref positive);
        if (collides)
        {
            SampledSoftmaxToken.OverwriteCollisions(ids, count, label, values, 0);
        }

        new Span<float>(values + count, Round(count) - count).Clear();
        return loss;
    }

    private static double Softmax<TVector>(in SampledSoftmaxInputs inputs, float* values, ref float positive)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var count = inputs.NegativesPerToken;
        var maximum = positive;
        var negativeSum = 0.0;
        if (count > 0)
        {
            var largest = SampledSoftmaxToken.Maximum<TVector>(values, Round(count));
            maximum = largest > positive ? largest : positive;
            negativeSum = SampledSoftmaxToken.Exponentials<TVector>(values, Round(count), maximum);
        }

        var sum = Elementary.Exp(new Float1(positive - maximum)).Value + negativeSum;
        var loss = NaturalLogarithm.Of(sum) + ((double)maximum - positive);
        var perSum = inputs.Weight / sum;
        SampledSoftmaxToken.ScaleTo<TVector>(values, count, (float)perSum, values);
        positive = (float)(-perSum * negativeSum);
        return loss;
    }

    /// <summary>ln(1 + e^z) = max(z, 0) + ln(1 + e^−|z|), of −z for the label; σ from the same exponential, which never leaves float32.</summary>
    private static double BinaryCrossEntropy<TVector>(in SampledSoftmaxInputs inputs, float* values, ref float positive)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var share = 1.0 / (inputs.NegativesPerToken + 1);
        var perToken = TVector.Broadcast((float)(inputs.Weight * share));
        var sum = TVector.Zero;
        for (nint r = 0; r < Round(inputs.NegativesPerToken); r += TVector.Width)
        {
            var (softplus, sigmoid) = SoftplusAndSigmoid(TVector.Load(values + r));
            sum += softplus;
            TVector.Store(sigmoid * perToken, values + r);
        }

        var (ofLabel, missing) = SoftplusAndSigmoid(new Float1(-positive));
        positive = (float)(-inputs.PositivePower * inputs.Weight * share) * missing.Value;
        return share * (TVector.Sum(sum) + ((double)inputs.PositivePower * ofLabel.Value));
    }

    private static (TVector Softplus, TVector Sigmoid) SoftplusAndSigmoid<TVector>(TVector z)
        where TVector : unmanaged, IFloatLanes<TVector>
    {
        var (zero, one) = (TVector.Broadcast(0), TVector.Broadcast(1));
        var power = Elementary.Exp(-TVector.Abs(z));
        return (TVector.Max(z, zero) + Elementary.Log(one + power), TVector.SelectLess(z, zero, power, one) / (one + power));
    }
}

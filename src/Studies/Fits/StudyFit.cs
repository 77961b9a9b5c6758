using System.Globalization;

namespace LargeRec.Studies.Fits;

/// <summary>A law tried on a study's results.</summary>
/// <param name="Measure">loss, or a metric.</param>
/// <param name="Over">What it is drawn over: parameters, FLOPs, events, ... and which cells.</param>
/// <param name="Law">The form.</param>
/// <param name="Fit">The fit; null where the results do not determine one.</param>
/// <param name="Problem">Why not; null where there is one.</param>
/// <param name="Sizes">The points' sizes.</param>
/// <param name="Values">What was measured there.</param>
public sealed record StudyFit(
    string Measure, string Over, ScalingLaw Law, LawFit? Fit, string? Problem, IReadOnlyList<double[]> Sizes, IReadOnlyList<double> Values)
{
    /// <summary>In a line: what, the numbers with their 95% intervals, R².</summary>
    public override string ToString()
    {
        if (Fit is not { } fit)
        {
            return $"{Measure} over {Over}: no fit: {Problem}";
        }

        var numbers = fit.Exponents.Select((e, i) => $"exponent {Text(e)}{Text(fit.ExponentInterval(i))}")
            .Append($"constant {Text(fit.Coefficients[0])}{Text(fit.CoefficientInterval(0))}");
        var end = fit.IsAtAnEnd ? "; an exponent reached the end of what is searched: these sizes do not determine it" : "";
        return $"{Measure} over {Over}: {Law.Formula}: {string.Join(", ", numbers)}; R2 {Text(fit.RSquared)}; {Values.Count} points{end}";
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Text((double Low, double High)? interval) => interval is { } at ? $" ({Text(at.Low)} to {Text(at.High)})" : "";
}

using System.Text.Encodings.Web;
using System.Text.Json;
using LargeRec.Data.Storage;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Results;

namespace LargeRec.Studies.Fits;

/// <summary>
/// The laws that a scaling study is tried with: loss and metrics over parameters, operations and events, and over sizes of model and data together.
/// </summary>
public static class StudyFits
{
    private delegate double Size(CellResult row);

    /// <summary>Every law for the loss and every metric; none for studies of other kinds.</summary>
    public static IReadOnlyList<StudyFit> Of(StudyDefinition study, ResultTable table)
    {
        CellResult[] rows = [.. table.Rows.Where(row => row.Summary?.Cost is not null)];
        if (study.Kind != StudyKind.Scaling || rows.Length == 0)
        {
            return [];
        }

        static double Parameters(CellResult row) => row.Summary!.Cost!.Parameters;
        static double Events(CellResult row) => row.Summary!.Cost!.EpochTokens;
        static double Flops(CellResult row) => row.Summary!.Cost!.TrainingFlops;
        static double Layers(CellResult row) => row.Cell.Configuration.Model.Layers;
        static double Width(CellResult row) => row.Cell.Configuration.Model.Width;
        double Information(CellResult row) => Events(row) * Math.Max(table.Quality.GetValueOrDefault(row)?.ActualEntropy ?? 0, double.Epsilon);
        var mostEvents = rows.Max(Events);
        var mostParameters = rows.Max(Parameters);
        CellResult[] onAllData = [.. rows.Where(row => Events(row) == mostEvents)];
        var fits = new List<StudyFit>();
        foreach (var measure in study.Metrics.Prepend("loss").Where(measure => rows.All(row => row.Find(measure) is not null)))
        {
            fits.Add(Try(measure, "parameters and events of the data", ScalingLaw.Joint, rows, Parameters, Events));
            fits.Add(Try(measure, "floating-point operations of the training", ScalingLaw.Power, rows, Flops));
            fits.Add(Try(measure, "parameters, on the most data", ScalingLaw.Power, onAllData, Parameters));
            fits.Add(Try(measure, "events of the data, of the largest model", ScalingLaw.Power, [.. rows.Where(row => Parameters(row) == mostParameters)],
                Events));
            fits.Add(Try(measure, "layers and width, on the most data", ScalingLaw.Performance, onAllData, Layers, Width));
            if (table.Quality.Count > 0)
            {
                fits.Add(Try(measure, "layers, width, and events times their entropy", ScalingLaw.PerformanceWithData, rows, Layers, Width, Information));
            }
        }

        return fits;
    }

    /// <summary>Writes fits.json, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<StudyFit> fits) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream,
            new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartArray();
        foreach (var fit in fits)
        {
            json.WriteStartObject();
            json.WriteString("measure", fit.Measure);
            json.WriteString("over", fit.Over);
            json.WriteString("law", fit.Law.Name);
            json.WriteString("formula", fit.Law.Formula);
            json.WriteNumber("points", fit.Values.Count);
            if (fit.Fit is { } found)
            {
                Numbers(json, "exponents", found.Exponents, found.ExponentInterval);
                Numbers(json, "coefficients", found.Coefficients, found.CoefficientInterval);
                json.WriteNumber("r_squared", found.RSquared);
                json.WriteBoolean("is_at_an_end", found.IsAtAnEnd);
            }
            else
            {
                json.WriteString("problem", fit.Problem);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static StudyFit Try(string measure, string over, ScalingLaw law, CellResult[] rows, params Size[] sizes)
    {
        double[][] points = [.. rows.Select(row => sizes.Select(size => size(row)).ToArray())];
        double[] values = [.. rows.Select(row => row.Find(measure)!.Value)];
        try
        {
            return new StudyFit(measure, over, law, LawFit.Of(law, points, values), null, points, values);
        }
        catch (FitException fault)
        {
            return new StudyFit(measure, over, law, null, fault.Message, points, values);
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values, Func<int, (double Low, double High)?> intervalOf)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("value", values[i]);
            if (intervalOf(i) is { } interval)
            {
                json.WriteNumber("low", interval.Low);
                json.WriteNumber("high", interval.High);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

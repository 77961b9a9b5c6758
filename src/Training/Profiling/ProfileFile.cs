using System.Text.Json;
using LargeRec.Data.Storage;
using LargeRec.Engine.Profiling;

namespace LargeRec.Training.Profiling;

/// <summary>
/// profile.json: a profile as a trace that Chrome (chrome://tracing) and Perfetto (ui.perfetto.dev) open, times in microseconds, with its table under
/// <c>otherData</c>.
/// </summary>
public static class ProfileFile
{
    private const int Process = 1;
    private const int Thread = 1;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="device">What the device calls itself.</param>
    public static void Write(string path, StepProfile profile, string device) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        WriteName(json, "process_name", $"largerec, {device}");
        WriteName(json, "thread_name", "training");
        foreach (var step in profile.Steps)
        {
            WriteStretch(json, $"step {step.Number}", "step", step.Start, step.Duration);
            foreach (var stretch in step.Stretches)
            {
                WriteStretch(json, stretch.Name, Category(stretch.Phase), stretch.Start, stretch.Duration);
            }
        }

        json.WriteEndArray();
        WriteTable(json, profile, device);
        json.WriteEndObject();
    });

    private static void WriteTable(Utf8JsonWriter json, StepProfile profile, string device)
    {
        json.WriteStartObject("otherData");
        json.WriteString("device", device);
        json.WriteNumber("steps", profile.Steps.Count);
        json.WriteNumber("milliseconds_a_step", profile.Total.TotalMilliseconds / profile.Steps.Count);
        json.WriteStartArray("table");
        foreach (var row in profile.Rows())
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteString("phase", Category(row.Phase));
            json.WriteNumber("calls", row.Calls);
            json.WriteNumber("milliseconds_a_step", row.MillisecondsAStep);
            json.WriteNumber("share", row.Share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, string kind, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", kind);
        json.WriteString("ph", "M");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", Thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A complete event; one that lies within another of the same thread is shown below it.</summary>
    private static void WriteStretch(Utf8JsonWriter json, string name, string category, TimeSpan start, TimeSpan duration)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("cat", category);
        json.WriteString("ph", "X");
        json.WriteNumber("ts", start.TotalMicroseconds);
        json.WriteNumber("dur", duration.TotalMicroseconds);
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", Thread);
        json.WriteEndObject();
    }

    private static string Category(ProfilePhase phase) => phase.ToString().ToLowerInvariant();
}

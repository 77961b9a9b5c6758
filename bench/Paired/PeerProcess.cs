using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LargeRec.Bench.Paired;

/// <summary>A peer's program that stays: it says what it is when it has warmed up, and runs its job as often as each line says.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly string[] VersionNames = ["torch", "blas", "malloc"];

    private readonly Process _process;
    private readonly string _command;

    /// <summary>Starts bench/peers/run.sh and waits until it is ready.</summary>
    public PeerProcess(string variant, IEnumerable<string> arguments)
    {
        Variant = variant;
        var script = Path.Combine(Checkout.Root, "bench", "peers", "run.sh");
        string[] all = [script, "--variant", variant, .. arguments, "--serve"];
        _command = string.Join(' ', all);
        _process = Process.Start(new ProcessStartInfo("/bin/sh", all) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var json = Read();
        Versions = VersionNames.ToDictionary(name => name, name => json.RootElement.GetProperty(name).GetString() ?? "none");
    }

    public string Variant { get; }

    public IReadOnlyDictionary<string, string> Versions { get; }

    /// <summary>The median seconds of so many runs.</summary>
    public double Measure(int runs)
    {
        _process.StandardInput.WriteLine(runs.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        using var json = Read();
        return json.RootElement.GetProperty("median_seconds").GetDouble();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonDocument Read() => _process.StandardOutput.ReadLine() is { } line
        ? JsonDocument.Parse(line)
        : throw new InvalidOperationException($"the peer '{_command}' ended before it answered; what it wrote is above");
}

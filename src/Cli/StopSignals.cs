using System.Runtime.InteropServices;

namespace LargeRec.Cli;

/// <summary>
/// Turns the first Ctrl-C, or a request to terminate, into a cancellation. What cannot stop in time (reading a large file, one long step) is ended with the
/// process: every file of a run is whole at any moment. A second signal ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private Timer? _end;

    public StopSignals() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Stop))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _end?.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            _end = new Timer(_ => End(), null, Patience, Timeout.InfiniteTimeSpan);
            _source.Cancel();
        }
    }

    private static void End()
    {
        Console.Error.WriteLine($"{Environment.NewLine}largerec: stopped");
        Environment.Exit(ExitCodes.Interrupted);
    }
}

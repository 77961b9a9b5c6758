using System.Runtime.InteropServices;

namespace LargeRec.Cli;

/// <summary>
/// Turns the first Ctrl-C, or a request to terminate, into a cancellation. What cannot stop in time (reading a large file, one long step) is ended with the
/// process, unless a checkpoint is being written: every file of a run is whole at any moment. A second signal ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private Timer? _end;
    private bool _held;

    public StopSignals() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Stop))];

    public CancellationToken Token => _source.Token;

    /// <summary>The process is not to be ended for lack of time until <see cref="Release"/>: something worth waiting for is being written.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held = true;
        }
    }

    /// <summary>It is written; whoever stops now has the usual time again.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _held = false;
            _end?.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

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
            lock (_gate)
            {
                _end = new Timer(_ => End(), null, Patience, Timeout.InfiniteTimeSpan);
            }

            _source.Cancel();
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (_held)
            {
                return;
            }
        }

        Console.Error.WriteLine($"{Environment.NewLine}largerec: stopped");
        Environment.Exit(ExitCodes.Interrupted);
    }
}

using System.Net;

namespace LargeRec.Data.Download;

/// <summary>
/// Fetches one address into a <see cref="PartialFile"/>: goes on where an earlier try ended if the server still has the same file (RFC 9110, 13.1.5 If-Range
/// and 14.2 Range), begins anew if not, and tries again when a connection fails.
/// </summary>
internal sealed class HttpFetcher(HttpClient client, DownloadOptions options, DownloadFiles files, ProgressReporter report, TimeProvider time)
{
    /// <summary>Tries altogether: a server that sends a little each time must end too.</summary>
    private const int MostTries = 200;

    private const int BufferSize = 1 << 17;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>Fetches all of it, or throws and leaves the part for the next time.</summary>
    /// <param name="expectedSize">As published; null where it is not known.</param>
    public async Task FetchAsync(Uri address, PartialFile part, long? expectedSize, CancellationToken cancellation)
    {
        var furthest = part.Length;
        var failures = 0;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryAsync(address, part, expectedSize, cancellation).ConfigureAwait(false);
                return;
            }
            catch (TransientException fault)
            {
                var length = part.Length;
                failures = length > furthest ? 1 : failures + 1;
                furthest = Math.Max(furthest, length);
                if (failures > options.Retries || tries >= MostTries)
                {
                    throw new DownloadException($"{address}: {fault.Message}; tried {tries} times; {part.Describe()}: run the same command to go on", fault);
                }

                var delay = Delay(failures, fault.RetryAfter);
                report.Note(FormattableString.Invariant($"{fault.Message}; trying again in {delay.TotalSeconds:0.#} s"));
                await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Delay(int failures, TimeSpan? asked)
    {
        var doubled = options.RetryDelay * Math.Pow(2, Math.Min(failures - 1, 10));
        var delay = asked is { } least && least > doubled ? least : doubled;
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private async Task TryAsync(Uri address, PartialFile part, long? expectedSize, CancellationToken cancellation)
    {
        var (state, have) = ReadWhatIsThere(address, part);
        if (state?.Total == have && have > 0)
        {
            return;
        }

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            using var response = await SafeRedirects.SendAsync(client, address, uri => RangeRequests.Create(uri, state, have), stall.Token)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                part.Delete();
                throw new TransientException("the server's file is not the one that was begun");
            }

            ResponseChecks.RequireData(response, address);
            var isContinued = response.StatusCode == HttpStatusCode.PartialContent;
            if (isContinued && !RangeRequests.Continues(response, state, have))
            {
                part.Delete();
                throw new TransientException("the server sent another part than the one asked for");
            }

            if (!isContinued && have > 0)
            {
                report.Note(RangeRequests.WhyAnew(response, state!));
                have = 0;
            }

            state = isContinued ? state! : RangeRequests.StateOf(address, response);
            RequireSize(address, part, state.Total, expectedSize);
            files.RequireRoom(Path.GetDirectoryName(part.FilePath)!, (state.Total ?? expectedSize ?? have) - have, "what is to be fetched");
            var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                await CopyAsync(body, part, state, have, stall).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientException(FormattableString.Invariant($"the server sent nothing for {options.StallTimeout.TotalSeconds:0.#} s"));
        }
        catch (HttpRequestException fault)
        {
            throw ResponseChecks.Describe(fault, address, isFirst: part.Length == 0);
        }

        if (state.Total is { } total && part.Length != total)
        {
            throw new TransientException($"the connection ended after {ByteSize.Text(part.Length)} of {ByteSize.Text(total)}");
        }
    }

    /// <summary>What can be gone on with; what cannot is deleted.</summary>
    private (PartialState? State, long Bytes) ReadWhatIsThere(Uri address, PartialFile part)
    {
        var have = part.Length;
        var state = part.ReadState();
        if (have == 0)
        {
            return (null, 0);
        }

        if (state is { CanBeRecognised: true } && state.Address == address.AbsoluteUri && !(state.Total < have))
        {
            return (state, have);
        }

        report.Note($"{part.FilePath} is of another address or cannot be recognised; beginning anew");
        part.Delete();
        return (null, 0);
    }

    private static void RequireSize(Uri address, PartialFile part, long? total, long? expected)
    {
        if (total is not null && expected is not null && total != expected)
        {
            part.Delete();
            throw new DownloadException($"{address}: the server's file has {total} bytes, and the one known has {expected}: it is another file, or the "
                + "publisher changed it; nothing was fetched");
        }
    }

    private async Task CopyAsync(Stream body, PartialFile part, PartialState state, long have, CancellationTokenSource stall)
    {
        report.Begin(DownloadStage.Fetching, have, state.Total);
        var buffer = new byte[BufferSize];
        var file = OnDisk(part, () => have > 0 ? part.Append() : part.Create(state));
        await using (file.ConfigureAwait(false))
        {
            while (true)
            {
                stall.CancelAfter(options.StallTimeout);
                int read;
                try
                {
                    read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                }
                catch (IOException fault)
                {
                    throw new TransientException($"the connection was cut: {fault.Message.TrimEnd('.')}", inner: fault);
                }

                if (read == 0)
                {
                    return;
                }

                have += read;
                if (have > (state.Total ?? options.Limits.Bytes))
                {
                    part.Delete();
                    throw new DownloadException($"{state.Address}: the server sends more than the {state.Total ?? options.Limits.Bytes} bytes that there "
                        + "should be; the file was removed");
                }

                OnDisk(part, () =>
                {
                    file.Write(buffer, 0, read);
                    return true;
                });
                report.Advance(read);
            }
        }
    }

    /// <summary>What goes wrong on the disk is not tried again.</summary>
    private static T OnDisk<T>(PartialFile part, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException fault) when (Storage.DiskSpace.IsFull(fault))
        {
            throw new DownloadException($"the disk of {Path.GetDirectoryName(part.FilePath)} is full; {part.Describe()}: make room and run the same "
                + "command to go on", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException($"{part.FilePath} cannot be written: {fault.Message.TrimEnd('.')}", fault);
        }
    }
}

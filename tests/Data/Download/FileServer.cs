using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LargeRec.Data.Tests.Download;

/// <summary>A small web server on this machine that gives one file, as well or as badly as a test wants; each connection is one request.</summary>
internal sealed class FileServer : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    private readonly Queue<ServerPlan> _plans = new();
    private readonly List<string> _requests = [];
    private bool _isDisposed;

    public FileServer(byte[] content, string name = "data.zip")
    {
        Content = content;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{name}");
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public byte[] Content { get; set; }

    public string? ETag { get; set; } = "\"one\"";

    public string? LastModified { get; set; }

    public bool GivesRanges { get; set; } = true;

    /// <summary>False: a part is sent whatever If-Range says.</summary>
    public bool HeedsIfRange { get; set; } = true;

    /// <summary>False: chunks instead of a length.</summary>
    public bool GivesLength { get; set; } = true;

    public string ContentType { get; set; } = "application/octet-stream";

    /// <summary>The heads of all requests so far.</summary>
    public string[] Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How the next requests that have no plan yet are answered; without one, well.</summary>
    public FileServer Then(params ServerPlan[] plans)
    {
        lock (_plans)
        {
            foreach (var plan in plans)
            {
                _plans.Enqueue(plan);
            }
        }

        return this;
    }

    /// <summary>A header's value in a request, or null.</summary>
    public string? Header(int request, string name) => Requests[request].Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).SingleOrDefault();

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();
            _listener.Stop();
            _stop.Dispose();
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => AnswerAsync(client), CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var bound = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
            {
                bound.CancelAfter(Longest);
                var stream = client.GetStream();
                var head = await ReadHeadAsync(stream, bound.Token);
                ServerPlan plan;
                lock (_requests)
                {
                    _requests.Add(head);
                }

                lock (_plans)
                {
                    plan = _plans.Count > 0 ? _plans.Dequeue() : new ServerPlan();
                }

                await AnswerAsync(stream, head, plan, bound.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side went away, or the test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string head, ServerPlan plan, CancellationToken cancellation)
    {
        if (plan.IsSilent)
        {
            await Task.Delay(Longest, cancellation);
        }

        if (plan.Status != 200)
        {
            await WriteAsync(stream, $"HTTP/1.1 {plan.Status} Planned\r\nContent-Length: 0\r\nConnection: close\r\n{plan.Headers}\r\n", cancellation);
            return;
        }

        var (from, status) = (0, "200 OK");
        var extra = "";
        if (GivesRanges && RangeOf(head) is { } begin)
        {
            if (begin >= Content.Length)
            {
                await WriteAsync(stream, $"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{Content.Length}\r\nContent-Length: "
                    + $"0\r\nConnection: close\r\n\r\n", cancellation);
                return;
            }

            (from, status) = (begin, "206 Partial Content");
            extra = $"Content-Range: bytes {from}-{Content.Length - 1}/{Content.Length}\r\n";
        }

        var body = Content.AsMemory(from);
        extra += ETag is null ? "" : $"ETag: {ETag}\r\n";
        extra += LastModified is null ? "" : $"Last-Modified: {LastModified}\r\n";
        extra += GivesLength ? $"Content-Length: {body.Length}\r\n" : "Transfer-Encoding: chunked\r\n";
        await WriteAsync(stream, $"HTTP/1.1 {status}\r\nContent-Type: {ContentType}\r\nConnection: close\r\n{extra}{plan.Headers}\r\n", cancellation);
        var sent = body[..Math.Min(body.Length, plan.CutAfter)];
        if (!GivesLength)
        {
            await WriteAsync(stream, $"{sent.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n", cancellation);
        }

        await stream.WriteAsync(sent, cancellation);
        if (!GivesLength)
        {
            await WriteAsync(stream, sent.Length == body.Length ? "\r\n0\r\n\r\n" : "\r\n", cancellation);
        }

        if (plan.Stalls)
        {
            await Task.Delay(Longest, cancellation);
        }
    }

    private int? RangeOf(string head)
    {
        var lines = head.Split("\r\n");
        var range = lines.FirstOrDefault(l => l.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase));
        var condition = lines.FirstOrDefault(l => l.StartsWith("If-Range: ", StringComparison.OrdinalIgnoreCase))?["If-Range: ".Length..];
        var holds = condition is null || condition == ETag || condition == LastModified || !HeedsIfRange;
        return range is not null && holds ? int.Parse(range["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : null;
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head.TakeLast(4)]).Equals("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, cancellation);
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }

    private static Task WriteAsync(NetworkStream stream, string text, CancellationToken cancellation) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation).AsTask();
}

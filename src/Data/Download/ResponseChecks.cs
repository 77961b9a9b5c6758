using System.Net;

namespace LargeRec.Data.Download;

/// <summary>Which answers bring data, which are worth another try, and what is said about the others.</summary>
internal static class ResponseChecks
{
    private const string ByHand = "fetch the file by hand and hand it over with --from FILE, or take a mirror with --from URL";

    /// <summary>Nothing where the answer brings the file or a part of it.</summary>
    public static void RequireData(HttpResponseMessage response, Uri address)
    {
        var status = $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                RequireFile(response, address);
                return;
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests:
            case HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                throw new TransientException(status, response.Headers.RetryAfter?.Delta);
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw new DownloadException($"{address}: {status}: the file is not there any more; {ByHand}");
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new DownloadException($"{address}: {status}: it does not give the file to everyone; {ByHand}");
            case HttpStatusCode.ProxyAuthenticationRequired:
                throw new DownloadException($"{address}: the proxy asks for a password ({status}); set it in https_proxy");
            default:
                throw new DownloadException($"{address}: {status}; {ByHand}");
        }
    }

    /// <summary>A connection that failed: worth another try, but for what no wait mends.</summary>
    /// <param name="isFirst">No byte has come yet: a name that cannot be resolved is misspelt, or this machine has no network.</param>
    public static Exception Describe(HttpRequestException fault, Uri address, bool isFirst)
    {
        var reason = (fault.InnerException is { } inner && fault.HttpRequestError is HttpRequestError.SecureConnectionError ? inner.Message : fault.Message)
            .TrimEnd('.');
        return fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError when isFirst =>
                new DownloadException($"{address}: {reason}; check the network and the proxy (https_proxy), or {ByHand}", fault),
            HttpRequestError.SecureConnectionError or HttpRequestError.UserAuthenticationError or HttpRequestError.ProxyTunnelError
                => new DownloadException($"{address}: {reason}; {ByHand}", fault),
            HttpRequestError.InvalidResponse => new DownloadException($"{address}: this is no answer of a web server: {reason}; {ByHand}", fault),
            _ => new TransientException($"the connection failed: {reason}", inner: fault),
        };
    }

    private static void RequireFile(HttpResponseMessage response, Uri address)
    {
        if (response.Content.Headers.ContentEncoding.Any(e => e != "identity"))
        {
            throw new DownloadException($"{address}: the server sends the file encoded ({string.Join(", ", response.Content.Headers.ContentEncoding)}) "
                + $"although it was asked not to; {ByHand}");
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/html")
        {
            throw new DownloadException($"{address}: the server sends a web page, not a file: it may ask for a login; {ByHand}");
        }
    }
}

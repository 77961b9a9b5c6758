using System.Net;

namespace LargeRec.Data.Download;

/// <summary>Follows redirections, but never from https to anything else: what was encrypted stays so, and no server can point at local files.</summary>
internal static class SafeRedirects
{
    private const int Most = 5;

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri address, Func<Uri, HttpRequestMessage> create,
        CancellationToken cancellation)
    {
        var current = address;
        for (var followed = 0; ; followed++)
        {
            using var request = create(current);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (!IsRedirection(response))
            {
                return response;
            }

            using (response)
            {
                current = Next(address, current, response, followed);
            }
        }
    }

    private static bool IsRedirection(HttpResponseMessage response) => response.StatusCode
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Next(Uri address, Uri current, HttpResponseMessage response, int followed)
    {
        if (followed == Most)
        {
            throw new DownloadException($"{address}: redirected more than {Most} times; take another address with --from");
        }

        if (response.Headers.Location is not { } location)
        {
            throw new DownloadException($"{address}: the server redirects ({(int)response.StatusCode}) without saying where; take another address with --from");
        }

        var next = location.IsAbsoluteUri ? location : new Uri(current, location);
        var isAllowed = next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && current.Scheme == Uri.UriSchemeHttp);
        return isAllowed
            ? next
            : throw new DownloadException($"{address}: the server redirects from {current.Scheme} to {next.Scheme}://{next.Host}, which is refused; "
                + "redirections may go to https, or from http to http");
    }
}

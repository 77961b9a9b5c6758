using System.Net.Http.Headers;

namespace LargeRec.Data.Download;

/// <summary>Asking for the rest of a file that was begun, and telling whether the answer is that rest.</summary>
internal static class RangeRequests
{
    /// <summary>A request for the file, or for what is missing of it if it is still the same.</summary>
    public static HttpRequestMessage Create(Uri address, PartialState? state, long have)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        // Encoded on the way, a file would have other bytes and another length than the one whose checksum is known.
        request.Headers.AcceptEncoding.ParseAdd("identity");
        if (have > 0 && state is not null)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = state.ETag is { } tag ? new RangeConditionHeaderValue(new EntityTagHeaderValue(tag))
                : new RangeConditionHeaderValue(state.LastModified!.Value);
        }

        return request;
    }

    /// <summary>What a whole answer is of.</summary>
    public static PartialState StateOf(Uri address, HttpResponseMessage response) => new()
    {
        Address = address.AbsoluteUri,
        ETag = StrongTag(response),
        LastModified = response.Content.Headers.LastModified,
        Total = response.Content.Headers.ContentLength,
    };

    /// <summary>Whether a partial answer begins where the file ends, and is of the same file: not every server heeds If-Range.</summary>
    public static bool Continues(HttpResponseMessage response, PartialState? state, long have)
    {
        var range = response.Content.Headers.ContentRange;
        return state is not null
            && range is { Unit: "bytes", From: { } from }
            && from == have
            && (range.Length is null || state.Total is null || range.Length == state.Total)
            && (state.ETag is null || StrongTag(response) is not { } tag || tag == state.ETag)
            && (state.LastModified is null || response.Content.Headers.LastModified is not { } modified || modified == state.LastModified);
    }

    /// <summary>Why a whole answer came where a part was asked for.</summary>
    public static string WhyAnew(HttpResponseMessage response, PartialState state)
    {
        var now = StateOf(new Uri(state.Address), response);
        var isSame = now.ETag == state.ETag && now.LastModified == state.LastModified && now.Total == state.Total;
        return isSame ? "the server gives no parts of files; beginning anew" : "the server's file has changed; beginning anew";
    }

    private static string? StrongTag(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
}

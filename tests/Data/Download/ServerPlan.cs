namespace LargeRec.Data.Tests.Download;

/// <summary>How a <see cref="FileServer"/> answers one request.</summary>
internal sealed record ServerPlan
{
    public static ServerPlan Well { get; } = new();

    /// <summary>Another one than 200 is sent without a body.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Further header lines, each ended by CR LF.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Bytes of the body after which the connection ends, whatever the head promised.</summary>
    public int CutAfter { get; init; } = int.MaxValue;

    /// <summary>The connection stays open behind the last byte sent, and nothing more comes.</summary>
    public bool Stalls { get; init; }

    /// <summary>Not even a head comes.</summary>
    public bool IsSilent { get; init; }

    public static ServerPlan Cut(int after) => new() { CutAfter = after };

    public static ServerPlan Answer(int status, string headers = "") => new()
    {
        Status = status,
        Headers = headers,
    };
}

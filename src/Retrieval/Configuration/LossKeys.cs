using System.Text.Json.Nodes;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The keys that a loss decides: naming one by --set drops what a file says for another.</summary>
internal static class LossKeys
{
    private const string Negatives = "negatives";

    /// <summary>Sets what the loss decides.</summary>
    /// <param name="merged">The whole configuration.</param>
    /// <param name="origins">Where each key was given.</param>
    /// <param name="overrides">What <paramref name="origins"/> calls an override.</param>
    public static void Resolve(JsonObject merged, Dictionary<string, string> origins, string overrides)
    {
        var loss = merged["loss"]!.AsObject();
        var isLater = origins.GetValueOrDefault("loss.kind") == overrides;
        var isGiven = origins.TryGetValue($"loss.{Negatives}", out var from) && (!isLater || from == overrides);
        if (loss["kind"]!.GetValue<string>() == "full-softmax" && !isGiven)
        {
            loss[Negatives] = 0;
        }
    }
}

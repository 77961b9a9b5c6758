using System.Text.Json.Nodes;

namespace LargeRec.Retrieval.Configuration;

/// <summary>
/// The keys of a block that a backbone brings with it. Naming a backbone after a file (by --set) replaces the file's block keys by the backbone's own; a key
/// given beside the backbone, or after it, must be one that the backbone leaves open, or say what it has anyway.
/// </summary>
internal static class BackboneKeys
{
    private const string Section = "model";

    private static readonly string[] Names =
        ["dqk", "dv", "bias", "concat_ua", "weighting", "gate", "norm", "residual", "feed_forward", "feed_forward_width", "kv_heads"];

    /// <summary>Whether heads split the width among them.</summary>
    public static bool HeadsDivideWidth(BackboneSetting backbone) =>
        backbone is not (BackboneSetting.Hstu or BackboneSetting.HstuProduction or BackboneSetting.FuXiAlpha or BackboneSetting.FuXiBeta);

    /// <summary>Sets what the backbone decides.</summary>
    /// <param name="merged">The whole configuration.</param>
    /// <param name="origins">Where each key was given.</param>
    /// <param name="origin">What errors call a file.</param>
    /// <param name="overrides">What <paramref name="origins"/> calls an override.</param>
    /// <exception cref="ConfigurationException">A key contradicts the backbone.</exception>
    public static void Resolve(JsonObject merged, Dictionary<string, string> origins, string origin, string overrides)
    {
        var model = merged[Section]!.AsObject();
        var backbone = model["backbone"]!.GetValue<string>();
        var isLater = origins.GetValueOrDefault($"{Section}.backbone") == overrides;
        foreach (var name in Names)
        {
            var key = $"{Section}.{name}";
            var isGiven = origins.TryGetValue(key, out var from) && (!isLater || from == overrides);
            var (isOpen, own) = Of(backbone, name, model);
            if (isGiven && !isOpen && !IsSame(model[name], own))
            {
                throw new ConfigurationException(
                    $"{from ?? origin}: {key} is {model[name]?.ToJsonString() ?? "null"}, but {Section}.backbone {backbone} has "
                    + $"{own?.ToJsonString() ?? "none of it"}; leave the key out or choose another backbone");
            }

            if (!isOpen || (!isGiven && (isLater || backbone != "hstu")))
            {
                model[name] = own;
            }
        }
    }

    /// <summary>Whether a backbone leaves a key open, and what it has itself.</summary>
    private static (bool IsOpen, JsonNode? Own) Of(string backbone, string name, JsonObject model)
    {
        var isHstu = backbone == "hstu";
        var isSasrec = backbone is "sasrec" or "sasrec-bias";
        var hasHeadWidths = backbone is "hstu" or "hstu-production" or "fuxi-alpha" or "fuxi-beta";
        return name switch
        {
            "dqk" when backbone == "fuxi-beta" => (false, HeadWidth(model)), // of nothing: it has no queries and keys
            "dqk" or "dv" => (hasHeadWidths, isHstu ? 50 : HeadWidth(model)),
            "bias" => (isHstu || isSasrec || backbone == "hstu-production", backbone switch
            {
                "hstu" or "sasrec-bias" or "fuxi-alpha" or "fuxi-beta" => "both",
                "llama" => "rope",
                _ => "none",
            }),
            "concat_ua" => (isHstu, false),
            "weighting" or "gate" => (isHstu, null),
            "norm" => (true, null),
            "residual" or "feed_forward" => (isSasrec, null),
            "feed_forward_width" => (backbone is not ("hstu" or "hstu-production"), null),
            _ => (backbone == "llama", null),
        };
    }

    /// <summary>Width over heads; 1 where that is no width, for the rules to speak of.</summary>
    private static int HeadWidth(JsonObject model)
    {
        var (width, heads) = (model["width"]!.GetValue<int>(), model["heads"]!.GetValue<int>());
        return heads >= 1 ? Math.Max(1, width / heads) : 1;
    }

    private static bool IsSame(JsonNode? a, JsonNode? b) => a?.ToJsonString() == b?.ToJsonString();
}

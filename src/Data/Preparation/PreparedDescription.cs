using System.Text.Json.Serialization;
using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>The part of a prepared file that is no column.</summary>
internal sealed record PreparedDescription
{
    public required string Name { get; init; }

    /// <summary>What the file was made from, in its maker's words; see <see cref="PreparedFile.Key"/>.</summary>
    public required string Key { get; init; }

    public required EventColumns Present { get; init; }

    /// <summary>Rows of an item table.</summary>
    public required int TableRows { get; init; }

    /// <summary>Whether items are their own numbers, and have no ids beside.</summary>
    public required bool Numbered { get; init; }

    public required bool BehavioursAreFlags { get; init; }

    public required IReadOnlyList<string> BehaviourNames { get; init; }

    public required IReadOnlyList<PreparedAttribute> UserInformation { get; init; }

    public required IReadOnlyList<PreparedAttribute> ItemInformation { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether no list holds null, which reading lets through whatever the lists' types say.</summary>
    [JsonIgnore]
    public bool IsWhole => AreThere(BehaviourNames) && AreThere(Notes) && AreWhole(UserInformation) && AreWhole(ItemInformation);

    private static bool AreThere(IReadOnlyList<string?> texts) => texts.All(text => text is not null);

    private static bool AreWhole(IReadOnlyList<PreparedAttribute?> attributes) => attributes.All(a => a is not null && AreThere(a.Values));
}

/// <summary>A side attribute's name and values; its codes are a section.</summary>
internal sealed record PreparedAttribute(string Name, IReadOnlyList<string> Values);

/// <summary>Reads and writes descriptions without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PreparedDescription))]
internal sealed partial class PreparedJson : JsonSerializerContext;

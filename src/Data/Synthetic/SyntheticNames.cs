using System.Globalization;

namespace LargeRec.Data.Synthetic;

/// <summary>Made-up names that let a reader see what belongs together.</summary>
internal static class SyntheticNames
{
    private static readonly string[] Categories =
    [
        "adventure", "animation", "archery", "baking", "biography", "camping", "chess", "comedy", "crime", "cycling", "dance", "drama",
        "fantasy", "gardening", "history", "horror", "jazz", "mystery", "nature", "opera", "painting", "romance", "sailing", "science",
        "space", "sport", "travel", "war",
    ];

    private static readonly string[] First =
    [
        "Amber", "Ancient", "Bitter", "Blue", "Bright", "Broken", "Copper", "Distant", "Early", "Empty", "First", "Frozen", "Gentle", "Glass",
        "Golden", "Green", "Hidden", "Hollow", "Iron", "Last", "Little", "Lost", "Lucky", "Northern", "Paper", "Quiet", "Red", "Salt", "Silver",
        "Stone", "Wild", "Winter",
    ];

    private static readonly string[] Second =
    [
        "Anchor", "Bell", "Bridge", "Castle", "Circle", "Clock", "Crown", "Door", "Field", "Fire", "Forest", "Garden", "Harbour", "House",
        "Island", "Key", "Ladder", "Lake", "Letter", "Light", "Market", "Mill", "Mirror", "Moon", "Orchard", "River", "Road", "Shadow", "Song",
        "Star", "Tower", "Valley",
    ];

    public static string Category(int category)
        => category < Categories.Length ? Categories[category] : Numbered(Categories[category % Categories.Length], category / Categories.Length + 1);

    /// <summary>Names of different series differ.</summary>
    public static string Series(int series)
    {
        // Steps coprime to the 1,024 pairs, so that series near each other do not share a word.
        var pair = series * 389 % (First.Length * Second.Length);
        var name = $"{First[pair % First.Length]} {Second[pair / First.Length]}";
        var round = series / (First.Length * Second.Length);
        return round == 0 ? name : Numbered(name, round + 1);
    }

    /// <summary>Such as <c>Silver Harbour, part 3 (mystery)</c>.</summary>
    public static string Title(SyntheticWorld world, int item)
    {
        var series = world.SeriesOfItem[item];
        var part = world.LengthOf(series) == 1 ? "" : $", part {(world.PartOfItem[item] + 1).ToString(CultureInfo.InvariantCulture)}";
        return $"{Series(series)}{part} ({Category(world.CategoryOfItem[item])})";
    }

    private static string Numbered(string name, int number) => $"{name} {number.ToString(CultureInfo.InvariantCulture)}";
}

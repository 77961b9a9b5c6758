using System.ComponentModel;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Configuration;

/// <summary>Which events, and how they are cut.</summary>
public sealed record DataConfiguration
{
    /// <summary>The names that are understood.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = [.. DatasetCatalogue.Names, Delimited];

    /// <summary>The name of generated data.</summary>
    public const string Synthetic = DatasetCatalogue.Synthetic;

    /// <summary>The name of a user's own file.</summary>
    public const string Delimited = "csv";

    [Description("The data set: a known name, or csv for a file of your own.")]
    public string Name { get; init; } = "ml-1m";

    [Description("The file to read, for csv.")]
    public string? File { get; init; }

    [Description("The columns of a csv file by their names, or by numbers from 1; without them usual headers are recognised.")]
    public ColumnMapping? Columns { get; init; }

    [Description("What a csv file's times are; without it guessed from their size, and said.")]
    public TimeUnit? TimeUnit { get; init; }

    [Description("Whether rows that cannot be read are left out, counted and said; otherwise the first of them is an error.")]
    public bool SkipBadRows { get; init; }

    [Description("Events of a history that are kept, the latest ones.")]
    public int MaxLength { get; init; } = 200;

    [Description("Events with a lower rating are left out.")]
    public double? MinRating { get; init; }

    [Description("The behaviours whose events are kept, with commas between them, e.g. buy,cart; without it all.")]
    public string? Behaviours { get; init; }

    [Description("Whether an event with the same item as the user's event before it is left out.")]
    public bool DropRepeats { get; init; }

    [Description("Users with fewer events are left out, counted once; 0: none.")]
    public int MinUserEvents { get; init; }

    [Description("Items with fewer events are left out, counted once; 0: none.")]
    public int MinItemEvents { get; init; }

    [Description("Users and items with fewer events are left out, again and again until all have so many; 0: none.")]
    public int KCore { get; init; }

    [Description("Which events are held out.")]
    public SplitKind Split { get; init; } = SplitKind.Published;

    [Description("The share of the users whose events are trained on: the same users for every seed, and all of a smaller share are among those of a larger "
        + "one. All users are tested.")]
    public double Fraction { get; init; } = 1;

    [Description("The validation's share of the events, for the splits temporal and ratio.")]
    public double ValidationFraction { get; init; } = 0.1;

    [Description("The test's share of the events, for the splits temporal and ratio.")]
    public double TestFraction { get; init; } = 0.1;

    [Description("When the validation begins, for the split temporal, e.g. 2001-03-01 or 2001-03-01T12:00:00Z; without it by the fractions.")]
    public string? ValidationFrom { get; init; }

    [Description("When the test begins, for the split temporal; without it by the fraction.")]
    public string? TestFrom { get; init; }

    [Description("What the generator makes; only, and always, with the name synthetic.")]
    public GeneratorConfiguration? Generator { get; init; }
}

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

    /// <summary>The data set: one of <see cref="KnownNames"/>.</summary>
    [Description("The data set: a known name, or csv for a file of your own.")]
    public string Name { get; init; } = "ml-1m";

    /// <summary>The file to read, for csv; null: where the data folder has the named set.</summary>
    [Description("The file to read, for csv.")]
    public string? File { get; init; }

    /// <summary>The columns of a csv file by their names, or by numbers from 1; null: usual headers are recognised.</summary>
    [Description("The columns of a csv file by their names, or by numbers from 1; without them usual headers are recognised.")]
    public ColumnMapping? Columns { get; init; }

    /// <summary>What a csv file's times are; null: guessed from their size, and said.</summary>
    [Description("What a csv file's times are; without it guessed from their size, and said.")]
    public TimeUnit? TimeUnit { get; init; }

    /// <summary>Whether rows that cannot be read are left out, counted and said; otherwise the first of them is an error.</summary>
    [Description("Whether rows that cannot be read are left out, counted and said; otherwise the first of them is an error.")]
    public bool SkipBadRows { get; init; }

    /// <summary>Events of a history that are kept, the latest ones.</summary>
    [Description("Events of a history that are kept, the latest ones.")]
    public int MaxLength { get; init; } = 200;

    /// <summary>Events with a lower rating are left out; null: none.</summary>
    [Description("Events with a lower rating are left out.")]
    public double? MinRating { get; init; }

    /// <summary>The behaviours whose events are kept, with commas between; null: all.</summary>
    [Description("The behaviours whose events are kept, with commas between them, e.g. buy,cart; without it all.")]
    public string? Behaviours { get; init; }

    /// <summary>Whether an event with the same item as the user's event before it is left out.</summary>
    [Description("Whether an event with the same item as the user's event before it is left out.")]
    public bool DropRepeats { get; init; }

    /// <summary>Users with fewer events are left out, counted once; 0: none.</summary>
    [Description("Users with fewer events are left out, counted once; 0: none.")]
    public int MinUserEvents { get; init; }

    /// <summary>Items with fewer events are left out, counted once; 0: none.</summary>
    [Description("Items with fewer events are left out, counted once; 0: none.")]
    public int MinItemEvents { get; init; }

    /// <summary>Users and items with fewer events are left out, again and again until all have so many; 0: none.</summary>
    [Description("Users and items with fewer events are left out, again and again until all have so many; 0: none.")]
    public int KCore { get; init; }

    /// <summary>Which events are held out.</summary>
    [Description("Which events are held out.")]
    public SplitKind Split { get; init; } = SplitKind.Published;

    /// <summary>The validation's share of the events, for the splits temporal and ratio.</summary>
    [Description("The validation's share of the events, for the splits temporal and ratio.")]
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The test's share of the events, for the splits temporal and ratio.</summary>
    [Description("The test's share of the events, for the splits temporal and ratio.")]
    public double TestFraction { get; init; } = 0.1;

    /// <summary>When the validation begins, for the split temporal; null: by the fractions.</summary>
    [Description("When the validation begins, for the split temporal, e.g. 2001-03-01 or 2001-03-01T12:00:00Z; without it by the fractions.")]
    public string? ValidationFrom { get; init; }

    /// <summary>When the test begins, for the split temporal; null: by the fraction.</summary>
    [Description("When the test begins, for the split temporal; without it by the fraction.")]
    public string? TestFrom { get; init; }

    /// <summary>What the generator makes; only, and always, with the name synthetic.</summary>
    [Description("What the generator makes; only, and always, with the name synthetic.")]
    public GeneratorConfiguration? Generator { get; init; }
}

using System.ComponentModel;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

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

    /// <summary>Which events are held out.</summary>
    [Description("Which events are held out.")]
    public SplitSetting Split { get; init; } = SplitSetting.Published;

    /// <summary>What the generator makes; only, and always, with the name synthetic.</summary>
    [Description("What the generator makes; only, and always, with the name synthetic.")]
    public GeneratorConfiguration? Generator { get; init; }
}

namespace LargeRec.Data.Synthetic;

/// <summary>
/// The items of a generated log. They come in series of parts to be taken in order; a series belongs to a category; categories lie on a ring,
/// so that neighbours are related. The popularity of series is a power law.
/// </summary>
internal sealed class SyntheticWorld
{
    private const int GroupCount = 8;

    private readonly int[] _itemOfPart;
    private readonly int[] _firstPart;
    private readonly int[] _seriesOfCategory;
    private readonly int[] _firstSeries;
    private readonly AliasTable[] _seriesInCategory;
    private readonly AliasTable _seriesAnywhere;
    private readonly AliasTable _groups;

    public SyntheticWorld(GeneratorOptions options, IRandomStream random)
    {
        CategoryCount = options.Categories ?? Math.Max(2, (int)Math.Sqrt(options.Items / 1.3));
        (_firstPart, var categoryOfSeries) = MakeSeries(options, random);
        var weights = PowerLaw(SeriesCount, options.PopularityExponent, random);
        _itemOfPart = Shuffled(options.Items, random);
        _seriesAnywhere = new AliasTable(weights);

        CategoryOfItem = new int[options.Items + 1];
        SeriesOfItem = new int[options.Items + 1];
        PartOfItem = new int[options.Items + 1];
        Quality = new float[options.Items + 1];
        for (var series = 0; series < SeriesCount; series++)
        {
            var quality = 0.5 * random.NextNormal();
            for (var part = 0; part < LengthOf(series); part++)
            {
                var item = Item(series, part);
                CategoryOfItem[item] = categoryOfSeries[series];
                SeriesOfItem[item] = series;
                PartOfItem[item] = part;
                Quality[item] = (float)(quality + 0.2 * random.NextNormal());
            }
        }

        _seriesOfCategory = [.. Enumerable.Range(0, SeriesCount).OrderBy(series => categoryOfSeries[series])];
        _firstSeries = new int[CategoryCount + 1];
        foreach (var category in categoryOfSeries)
        {
            _firstSeries[category + 1]++;
        }

        for (var category = 0; category < CategoryCount; category++)
        {
            _firstSeries[category + 1] += _firstSeries[category];
        }

        _seriesInCategory = new AliasTable[CategoryCount];
        for (var category = 0; category < CategoryCount; category++)
        {
            var members = _seriesOfCategory.AsSpan(_firstSeries[category].._firstSeries[category + 1]);
            var ofCategory = new double[members.Length];
            for (var i = 0; i < ofCategory.Length; i++)
            {
                ofCategory[i] = weights[members[i]];
            }

            _seriesInCategory[category] = new AliasTable(ofCategory);
        }

        Span<double> groupWeights = stackalloc double[GroupCount];
        for (var group = 0; group < GroupCount; group++)
        {
            groupWeights[group] = 1.0 / (group + 1);
        }

        _groups = new AliasTable(groupWeights);
    }

    public static int Groups => GroupCount;

    public int CategoryCount { get; }

    public int SeriesCount => _firstPart.Length - 1;

    /// <summary>By item number, as the arrays below; numbers begin at 1 and say nothing about the item.</summary>
    public int[] CategoryOfItem { get; }

    public int[] SeriesOfItem { get; }

    /// <summary>From 0.</summary>
    public int[] PartOfItem { get; }

    /// <summary>What an item adds to its ratings.</summary>
    public float[] Quality { get; }

    public int ItemCount => _itemOfPart.Length;

    /// <summary>Parts of a series.</summary>
    public int LengthOf(int series) => _firstPart[series + 1] - _firstPart[series];

    public int Item(int series, int part) => _itemOfPart[_firstPart[series] + part];

    public int DrawSeries(int category, IRandomStream random)
        => _seriesOfCategory[_firstSeries[category] + _seriesInCategory[category].Draw(random)];

    /// <summary>A part of a series drawn by popularity; earlier parts are likelier.</summary>
    public int DrawItem(IRandomStream random)
    {
        var series = _seriesAnywhere.Draw(random);
        return Item(series, Math.Min(random.NextBelow(LengthOf(series)), random.NextBelow(LengthOf(series))));
    }

    public int DrawGroup(IRandomStream random) => _groups.Draw(random);

    /// <summary>Where on the ring of categories a group's tastes lie.</summary>
    public double CentreOf(int group) => (double)group * CategoryCount / GroupCount;

    /// <summary>The category at a point of the ring, 0 to CategoryCount once around.</summary>
    public int CategoryAt(double point)
    {
        var category = (int)Math.Floor(point) % CategoryCount;
        return category < 0 ? category + CategoryCount : category;
    }

    private (int[] FirstPart, int[] CategoryOfSeries) MakeSeries(GeneratorOptions options, IRandomStream random)
    {
        var firsts = new List<int> { 0 };
        var categories = new List<int>();
        while (firsts[^1] < options.Items)
        {
            var series = categories.Count;
            var length = 1 + (int)random.NextExponential(options.SeriesLength - 0.5);

            // Every category needs a series, so early ones leave an item for each category still without.
            var without = Math.Max(0, CategoryCount - series - 1);
            length = Math.Clamp(length, 1, Math.Max(1, options.Items - without - firsts[^1]));
            firsts.Add(firsts[^1] + length);
            categories.Add(series < CategoryCount ? series : random.NextBelow(CategoryCount));
        }

        return ([.. firsts], [.. categories]);
    }

    private static double[] PowerLaw(int count, double exponent, IRandomStream random)
    {
        var ranks = Shuffled(count, random);
        return Array.ConvertAll(ranks, rank => Math.Pow(rank, -exponent));
    }

    /// <summary>1 .. count in random order (Fisher and Yates).</summary>
    private static int[] Shuffled(int count, IRandomStream random)
    {
        int[] order = [.. Enumerable.Range(1, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.NextBelow(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}

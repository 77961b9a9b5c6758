namespace LargeRec.Data.Events;

/// <summary>Reads a table of features: one row a user or item, its id and columns of few values each.</summary>
internal static class FeatureTable
{
    /// <summary>Reads the named columns; ids that the log does not have are passed over.</summary>
    /// <param name="table">With a header.</param>
    /// <param name="idColumn">The name of the column of ids.</param>
    /// <param name="features">Where the values go, by the names of their columns.</param>
    /// <param name="find">From an id to the index that its value belongs to; negative where there is none.</param>
    /// <param name="rows">The reading's rules.</param>
    public static void Read(TableReader table, string idColumn, IReadOnlyList<SideInformationBuilder> features, Find find, Rows rows)
    {
        var header = new TableHeader(table);
        var id = header.Require(idColumn);
        var columns = features.Select(feature => header.Require(feature.Name)).ToArray();
        rows.ForEach(table, row =>
        {
            row.RequireFields(header.Count);
            var index = find(row.GetId(id, idColumn));
            for (var i = 0; index >= 0 && i < columns.Length; i++)
            {
                features[i].Set(index, row[columns[i]]);
            }
        });
    }

    public delegate int Find(ReadOnlySpan<byte> id);
}

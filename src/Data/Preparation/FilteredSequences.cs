using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>Puts together what a filter keeps.</summary>
/// <param name="sequences">Everything.</param>
/// <param name="kept">By event.</param>
/// <param name="ofUser">Events kept, by user.</param>
/// <param name="ofItem">Events kept, by item; null where items without events stay.</param>
/// <param name="events">Events kept.</param>
internal sealed class FilteredSequences(InteractionSequences sequences, bool[] kept, int[] ofUser, int[]? ofItem, int events)
{
    public InteractionSequences Build(IReadOnlyList<string> notes)
    {
        int[] users = [.. Enumerable.Range(0, ofUser.Length).Where(user => ofUser[user] > 0)];
        var offsets = new int[users.Length + 1];
        var userIds = new Vocabulary();
        for (var i = 0; i < users.Length; i++)
        {
            offsets[i + 1] = offsets[i] + ofUser[users[i]];
            userIds.GetOrAdd(sequences.UserIds[users[i]]);
        }

        var parts = sequences.Parts;
        var (catalogue, newItem, oldItems) = Items();
        var items = Kept(sequences.Items);
        foreach (ref var item in items.AsSpan())
        {
            item = newItem is null ? item : newItem[item];
        }

        return new InteractionSequences(parts with
        {
            Offsets = new(offsets),
            Items = new(items),
            Times = new(Kept(sequences.Times)),
            Ratings = new(Kept(sequences.Ratings)),
            Behaviours = new(Kept(sequences.Behaviours)),
            UserIds = userIds,
            Catalogue = catalogue,
            UserInformation = [.. parts.UserInformation.Select(a => a with { Codes = Array.ConvertAll(users, user => a.Codes[user]) })],
            ItemInformation = oldItems is null ? parts.ItemInformation
            : [.. parts.ItemInformation.Select(a => a with { Codes = Array.ConvertAll(oldItems, item => a.Codes[item]) })],
            Notes = [.. parts.Notes, .. notes],
        });
    }

    /// <summary>The items left; the new index of each old one and the old of each new one, where they change.</summary>
    private (ItemVocabulary Catalogue, int[]? NewItem, int[]? OldItems) Items()
    {
        var catalogue = sequences.Catalogue;
        if (ofItem is null)
        {
            return (catalogue, null, null);
        }

        int[] left = [.. catalogue.Candidates.ToArray().Where(item => ofItem[item] > 0)];
        if (catalogue.Ids is not { } ids)
        {
            return (new ItemVocabulary(null, catalogue.TableRows, left, catalogue.Titles), null, null);
        }

        var newItem = new int[catalogue.TableRows];
        var newIds = new Vocabulary();
        var titles = new string?[left.Length + 1];
        foreach (var item in left)
        {
            newItem[item] = newIds.GetOrAdd(ids[item - 1]) + 1;
            titles[newItem[item]] = catalogue.GetTitle(item);
        }

        return (ItemVocabulary.Dense(newIds, titles), newItem, [0, .. left]);
    }

    private T[] Kept<T>(ReadOnlySpan<T> column) where T : unmanaged
    {
        if (column.IsEmpty)
        {
            return [];
        }

        var values = new T[events];
        var next = 0;
        for (var i = 0; i < column.Length; i++)
        {
            if (kept[i])
            {
                values[next++] = column[i];
            }
        }

        return values;
    }
}

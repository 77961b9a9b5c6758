using System.Globalization;
using LargeRec.Data.Events;

namespace LargeRec.Data.Preparation;

/// <summary>
/// Leaves out events, users and items. Users without an event left are gone, and the others are numbered anew in the same order. Where items are
/// left out (by <see cref="EventFilterOptions.MinItemEvents"/> or <see cref="EventFilterOptions.KCore"/>) so are they, unless they are their own numbers: then
/// only the candidates are fewer. Counts are of events, so a user's third event with one item counts like any other.
/// </summary>
public sealed class EventFilter
{
    private readonly InteractionSequences _sequences;
    private readonly EventFilterOptions _options;
    private readonly bool[] _kept;
    private readonly int[] _ofUser;
    private readonly int[] _ofItem;
    private readonly List<string> _notes = [];
    private int _events;

    private EventFilter(InteractionSequences sequences, EventFilterOptions options)
    {
        (_sequences, _options) = (sequences, options);
        _kept = new bool[sequences.EventCount];
        Array.Fill(_kept, true);
        _ofUser = new int[sequences.UserCount];
        _ofItem = new int[sequences.Catalogue.TableRows];
        Count();
    }

    /// <summary>The events that the options keep, with the counts before and after each filter in the notes; the sequences themselves where nothing is asked
    /// for.</summary>
    /// <exception cref="DataFormatException">The data lack what is to be filtered by, or no event is left.</exception>
    public static InteractionSequences Apply(InteractionSequences sequences, EventFilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(options);
        return options.KeepsAll ? sequences : new EventFilter(sequences, options).Run();
    }

    private InteractionSequences Run()
    {
        if (_options.MinRating is { } rating)
        {
            KeepRatings(rating);
        }

        if (_options.Behaviours.Count > 0)
        {
            KeepBehaviours();
        }

        if (_options.DropRepeats)
        {
            DropRepeats();
        }

        if (_options.MinUserEvents > 1 || _options.MinItemEvents > 1)
        {
            var before = Totals();
            KeepFrequent(_options.MinUserEvents, _options.MinItemEvents);
            string[] minima = [.. Minimum(_options.MinUserEvents, "user"), .. Minimum(_options.MinItemEvents, "item")];
            Note($"at least {string.Join(" and ", minima)} (counted once)", before);
        }

        if (_options.KCore > 1)
        {
            var before = Totals();
            var rounds = 1;
            while (KeepFrequent(_options.KCore, _options.KCore))
            {
                rounds++;
            }

            Note($"{_options.KCore}-core ({rounds} rounds)", before);
        }

        return new FilteredSequences(_sequences, _kept, _ofUser, _options.DropsItems ? _ofItem : null, _events).Build(_notes);
    }

    private static IEnumerable<string> Minimum(int minimum, string what) => minimum > 1 ? [$"{minimum} events a{(what == "item" ? "n" : "")} {what}"] : [];

    private void KeepRatings(double least)
    {
        if (!_sequences.HasRatings)
        {
            throw Fault("there are no ratings to keep the high ones of", "leave data.min_rating out, or name the column of ratings");
        }

        var before = Totals();
        var ratings = _sequences.Ratings;
        for (var i = 0; i < ratings.Length; i++)
        {
            _kept[i] &= ratings[i] >= least;
        }

        Count();
        Note(string.Create(CultureInfo.InvariantCulture, $"ratings of at least {least}"), before);
    }

    private void KeepBehaviours()
    {
        if (!_sequences.HasBehaviours)
        {
            throw Fault("there are no behaviours to keep some of", "leave data.behaviours out, or name the column of behaviours");
        }

        var names = _sequences.BehaviourNames;
        var wanted = new bool[256];
        foreach (var name in _options.Behaviours)
        {
            var code = names.ToList().IndexOf(name);
            if (code < 0)
            {
                throw Fault($"there is no behaviour '{name}'", $"the behaviours are {string.Join(", ", names)}");
            }

            for (var value = 0; value < wanted.Length; value++)
            {
                wanted[value] |= _sequences.BehavioursAreFlags ? (value >> code & 1) != 0 : value == code;
            }
        }

        var before = Totals();
        var behaviours = _sequences.Behaviours;
        for (var i = 0; i < behaviours.Length; i++)
        {
            _kept[i] &= wanted[behaviours[i]];
        }

        Count();
        Note($"behaviours {string.Join(", ", _options.Behaviours)}", before);
    }

    private void DropRepeats()
    {
        var before = Totals();
        var offsets = _sequences.Offsets;
        var items = _sequences.Items;
        for (var user = 0; user + 1 < offsets.Length; user++)
        {
            var last = 0;
            for (var i = offsets[user]; i < offsets[user + 1]; i++)
            {
                if (_kept[i])
                {
                    _kept[i] = items[i] != last;
                    last = items[i];
                }
            }
        }

        Count();
        Note("without repeats of the item just before", before);
    }

    /// <summary>Takes away the events of users and items that have fewer than so many now; whether there were any.</summary>
    private bool KeepFrequent(int leastOfUser, int leastOfItem)
    {
        var before = _events;
        var offsets = _sequences.Offsets;
        var items = _sequences.Items;
        for (var user = 0; user + 1 < offsets.Length; user++)
        {
            var isFrequent = _ofUser[user] >= leastOfUser;
            for (var i = offsets[user]; i < offsets[user + 1]; i++)
            {
                _kept[i] &= isFrequent && _ofItem[items[i]] >= leastOfItem;
            }
        }

        Count();
        return _events < before;
    }

    private void Count()
    {
        Array.Clear(_ofUser);
        Array.Clear(_ofItem);
        _events = 0;
        var offsets = _sequences.Offsets;
        var items = _sequences.Items;
        for (var user = 0; user + 1 < offsets.Length; user++)
        {
            for (var i = offsets[user]; i < offsets[user + 1]; i++)
            {
                if (_kept[i])
                {
                    _ofUser[user]++;
                    _ofItem[items[i]]++;
                }
            }

            _events += _ofUser[user];
        }
    }

    private (int Users, int Items, int Events) Totals() => (_ofUser.Count(count => count > 0), _ofItem.Count(count => count > 0), _events);

    private void Note(string filter, (int Users, int Items, int Events) before)
    {
        var after = Totals();
        _notes.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"filter {filter}: events {before.Events:N0} -> {after.Events:N0}, users {before.Users:N0} -> {after.Users:N0}, items {before.Items:N0} -> "
            + $"{after.Items:N0}"));
        if (after.Events == 0)
        {
            throw Fault($"the filter {filter} leaves no event of {before.Events}", "ask for less");
        }
    }

    private DataFormatException Fault(string reason, string remedy) => new(_sequences.Name, 0, reason, remedy);
}

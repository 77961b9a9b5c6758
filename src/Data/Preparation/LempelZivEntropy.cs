using System.Runtime.InteropServices;

namespace LargeRec.Data.Preparation;

/// <summary>
/// The "actual" entropy of a sequence, which unlike Shannon's knows the order of events: S = n log2(n) / sum of L(i), where L(i) is the length of
/// the shortest stretch that begins at event i and does not occur before i (1 + the longest that does). It tends to the entropy rate in bits an event as n
/// grows; for short sequences it is an upper hint only. Sources: Kontoyiannis et al. (1998); Song et al., "Limits of predictability in human
/// mobility" (2010), supplement. Linear time: a suffix automaton of what came before, walked with suffix links.
/// </summary>
public sealed class LempelZivEntropy
{
    private const int None = -1;

    private readonly Dictionary<(int State, int Item), int> _next = [];
    private readonly List<int> _length = [];
    private readonly List<int> _link = [];
    private readonly List<List<int>> _symbols = [];
    private int _last;

    private LempelZivEntropy() => _last = NewState(0, None);

    /// <summary>Bits an event; 0 for fewer than two events.</summary>
    public static double Of(ReadOnlySpan<int> items)
        => items.Length < 2 ? 0 : items.Length * Math.Log2(items.Length) / new LempelZivEntropy().SumOfLengths(items);

    /// <summary>The mean over users of two events or more, each counting once: every user, or every k-th where there are more events than the most.</summary>
    /// <param name="sequences">Users' events in order.</param>
    /// <param name="mostEvents">About so many events are looked at.</param>
    /// <returns>Bits an event, and the users looked at.</returns>
    public static (double Mean, int Users) MeanOf(InteractionSequences sequences, int mostEvents = 2_000_000)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var step = Math.Max(1, (int)Math.Ceiling((double)sequences.EventCount / mostEvents));
        double sum = 0;
        var users = 0;
        for (var user = 0; user < sequences.UserCount; user += step)
        {
            var items = sequences.Items[sequences.Offsets[user]..sequences.Offsets[user + 1]];
            if (items.Length >= 2)
            {
                sum += Of(items);
                users++;
            }
        }

        return (users == 0 ? 0 : sum / users, users);
    }

    /// <summary>Sum over i of 1 + the length of the longest stretch from i on that occurs, as a whole, before i.</summary>
    private long SumOfLengths(ReadOnlySpan<int> items)
    {
        long sum = 0;
        var (state, matched) = (0, 0);
        for (var i = 0; i < items.Length; i++)
        {
            // What matches at i - 1 matches at i without its first item: the lengths lost are as many as the steps.
            while (i + matched < items.Length && _next.TryGetValue((state, items[i + matched]), out var longer))
            {
                state = longer;
                matched++;
            }

            sum += matched + 1;
            state = Append(items[i], state, matched);
            if (matched > 0)
            {
                matched--;
                if (state > 0 && matched <= _length[_link[state]])
                {
                    state = _link[state];
                }
            }
        }

        return sum;
    }

    /// <summary>Adds an item at the end of the text (Blumer et al. 1985); gives the state of the stretch of this length that was in a state before.</summary>
    private int Append(int item, int watched, int watchedLength)
    {
        var added = NewState(_length[_last] + 1, 0);
        var state = _last;
        while (state != None && !_next.ContainsKey((state, item)))
        {
            Connect(state, item, added);
            state = _link[state];
        }

        if (state != None)
        {
            var found = _next[(state, item)];
            if (_length[found] == _length[state] + 1)
            {
                _link[added] = found;
            }
            else
            {
                var copy = NewState(_length[state] + 1, _link[found]);
                foreach (var symbol in _symbols[found])
                {
                    Connect(copy, symbol, _next[(found, symbol)]);
                }

                while (state != None && _next.TryGetValue((state, item), out var target) && target == found)
                {
                    _next[(state, item)] = copy;
                    state = _link[state];
                }

                _link[found] = _link[added] = copy;
                if (watched == found && watchedLength <= _length[copy])
                {
                    watched = copy;
                }
            }
        }

        _last = added;
        return watched;
    }

    private int NewState(int length, int link)
    {
        _length.Add(length);
        _link.Add(link);
        _symbols.Add([]);
        return _length.Count - 1;
    }

    private void Connect(int from, int item, int to)
    {
        ref var target = ref CollectionsMarshal.GetValueRefOrAddDefault(_next, (from, item), out var exists);
        target = to;
        if (!exists)
        {
            _symbols[from].Add(item);
        }
    }
}

using LargeRec.Data.Batching;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Models.Backbones;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Ranking;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>Recommends next items, in the data's own ids, to users of the data or to any history.</summary>
public sealed class Recommender : IDisposable
{
    private readonly RankingPass _pass;
    private readonly int _maxLength;
    private readonly int _batchSize;
    private readonly int _windowSlack;
    private PreparedFile? _source;

    /// <param name="model">A trained model, on the device.</param>
    /// <param name="device">With no step open.</param>
    /// <param name="sequences">The data that it was trained on: ids, titles and users' histories.</param>
    /// <param name="batchSize">Users scored at once where there are many.</param>
    /// <param name="inference">How items are found; null for the defaults.</param>
    /// <exception cref="NotSupportedException">An int8 copy of the items is asked for, and the device has none.</exception>
    public Recommender(SequenceModel model, Device device, InteractionSequences sequences, int batchSize = 128, InferenceConfiguration? inference = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (Sequences, _maxLength, _batchSize) = (sequences, model.MaxLength, batchSize);
        inference ??= new InferenceConfiguration();
        _windowSlack = inference.WindowSlack;
        _pass = new RankingPass(model, device, sequences.Catalogue.Candidates, inference.Preselection == PreselectionSetting.EightBits);
        MedianGap = EventGaps.Median(sequences);
    }

    /// <summary>Ids, titles and histories of the data.</summary>
    public InteractionSequences Sequences { get; }

    /// <summary>The median time between two events of a user in milliseconds: what passes, most likely, until the next. 0 where the data have no
    /// times.</summary>
    public long MedianGap { get; }

    /// <summary>Opens a run's folder, which holds all that is needed: configuration, weights, and the users' histories.</summary>
    /// <param name="run">The run.</param>
    /// <param name="device">Where to compute, with no step open; the model's memory is the device's.</param>
    /// <param name="weights">Which weights; null for the best.</param>
    /// <param name="overrides">Keys of the run's configuration to change, as texts <c>inference.preselection=int8</c>.</param>
    /// <exception cref="RunFolderException">There are no histories, as in folders of older versions, or something cannot be read.</exception>
    /// <exception cref="DataFormatException">The histories are damaged.</exception>
    /// <exception cref="NotSupportedException">The configuration asks for an int8 copy of the items, and the device has none.</exception>
    public static Recommender Open(RunFolder run, Device device, WeightsChoice? weights = null, IEnumerable<string>? overrides = null)
    {
        var configuration = run.ReadConfiguration(overrides);
        weights ??= WeightsChoice.Of(run);
        var histories = run.OpenHistories();
        try
        {
            var model = ModelFactory.Create(device, configuration, histories.Sequences.Catalogue.TableRows);
            weights.LoadInto(model);
            return new Recommender(model, device, histories.Sequences, configuration.Evaluation.BatchSize, configuration.Inference) { _source = histories };
        }
        catch
        {
            histories.Dispose();
            throw;
        }
    }

    /// <summary>The index of a user.</summary>
    /// <param name="userId">The id as the data have it.</param>
    /// <exception cref="RecommendationException">There is no such user; the nearest id is in the message.</exception>
    public int FindUser(string userId)
    {
        var user = Sequences.UserIds.Find(userId);
        return user >= 0 ? user : throw new RecommendationException(Unknown(
            "user", userId, Enumerable.Range(0, Sequences.UserCount).Select(Sequences.UserIds.GetText), $"{Sequences.UserCount} users"));
    }

    /// <summary>What comes next for a user of the data, after all of the user's events; none of them is recommended again.</summary>
    /// <param name="userId">The id as the data have it.</param>
    /// <param name="count">Items, at least 1.</param>
    /// <param name="at">The time of the request in milliseconds since 1970-01-01 UTC; null for the last event's plus the data's median gap.</param>
    /// <exception cref="RecommendationException">There is no such user, or the time is before the user's last event.</exception>
    public IReadOnlyList<Recommendation> Recommend(string userId, int count = 10, long? at = null) =>
        Recommend([FindUser(userId)], new RecommendationOptions { Count = count, At = at }).Single().Items;

    /// <summary>What comes next for users, a batch after the other as the lists are taken; memory does not grow with the users.</summary>
    /// <param name="users">User indices.</param>
    /// <param name="options">What is asked for; null for ten items a user.</param>
    /// <param name="progress">Told how many users are done, after each batch.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>In the order of the users; a user without events gets an empty list.</returns>
    /// <exception cref="RecommendationException">The time of the request is before a user's last event.</exception>
    public IEnumerable<UserRecommendations> Recommend(
        IEnumerable<int> users, RecommendationOptions? options = null, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new RecommendationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1);
        return RecommendBatches(users, options, progress, cancellation);
    }

    /// <summary>What comes next after a history.</summary>
    /// <param name="history">At least one event.</param>
    /// <param name="options">What is asked for; null for ten items.</param>
    /// <exception cref="RecommendationException">The history is empty, or its times do not fit.</exception>
    public UserRecommendations Recommend(History history, RecommendationOptions? options = null)
    {
        options ??= new RecommendationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1);
        var request = new RecommendationRequest(null, [.. history.Items], [.. history.Times]);
        var list = Rank([request], options)[0];
        return history.HasAssumedTimes ? list with { At = options.At } : list;
    }

    /// <summary>
    /// Follows a history: events are added to it as they happen, and each list costs only what is new, until the window is full (then see
    /// <c>inference.window_slack</c>).
    /// </summary>
    /// <param name="history">The events so far, of any number.</param>
    /// <exception cref="RecommendationException">The times do not fit, or are assumed: nobody could say how far the next event is from them.</exception>
    /// <exception cref="NotSupportedException">The model or the device does not continue sequences.</exception>
    public RecommendationSession Follow(History history) => history.HasAssumedTimes
        ? throw new RecommendationException("the history's times are assumed, so no event can follow them; give its times")
        : Follow(null, history.Items, history.Times);

    /// <summary>Follows a user of the data from the user's last event on.</summary>
    /// <param name="userId">The id as the data have it.</param>
    /// <exception cref="RecommendationException">There is no such user.</exception>
    /// <exception cref="NotSupportedException">The model or the device does not continue sequences.</exception>
    public RecommendationSession Follow(string userId)
    {
        var request = RequestOf(FindUser(userId));
        return Follow(userId, request.Items, request.Times);
    }

    /// <summary>A history from ids and times as people write them.</summary>
    /// <param name="itemIds">Ids as the data have them, oldest first.</param>
    /// <param name="times">Milliseconds since 1970-01-01 UTC, as many as items; null where nobody knows them: then the data's median gap is assumed between
    /// events.</param>
    /// <param name="at">The time of the request, which assumed times lead up to.</param>
    /// <param name="skipUnknown">Whether items that the training did not know are left out and noted; otherwise they are an error.</param>
    /// <exception cref="RecommendationException">An item is unknown, none is left, or the times do not fit.</exception>
    public History HistoryOf(IReadOnlyList<string> itemIds, IReadOnlyList<long>? times = null, long? at = null, bool skipUnknown = false)
    {
        if (times is not null && times.Count != itemIds.Count)
        {
            throw new RecommendationException($"a history of {itemIds.Count} items has {times.Count} times; give one time an item, or none at all");
        }

        var (items, known, notes) = (new List<int>(), new List<int>(), new List<string>());
        for (var i = 0; i < itemIds.Count; i++)
        {
            if (skipUnknown && Sequences.Catalogue.Find(itemIds[i]) <= 0)
            {
                notes.Add($"note: the training did not know the item '{itemIds[i]}'; it is left out");
                continue;
            }

            items.Add(FindItem(itemIds[i]));
            known.Add(i);
        }

        if (items.Count == 0)
        {
            throw new RecommendationException(itemIds.Count == 0 ? "the history is empty; give at least one item"
                : "no item of the history was known to the training");
        }

        if (!Sequences.HasTimes)
        {
            return new History(items, [], times is null ? notes : [.. notes, "note: the data have no times, so those given do not count"]);
        }

        if (times is not null)
        {
            return new History(items, [.. known.Select(i => times[i])], notes);
        }

        var last = (at ?? 0) - MedianGap;
        return new History(
            items,
            [.. Enumerable.Range(0, items.Count).Select(i => last - (MedianGap * (items.Count - 1 - i)))],
            [.. notes, $"no times given: assumed is {EventGaps.ToText(MedianGap)} from one event to the next and to the request, the median of the data"])
        {
            HasAssumedTimes = true,
        };
    }

    /// <summary>The time of the request that is taken after a last event.</summary>
    public long? RequestTime(ReadOnlySpan<long> times, long? at) => times.IsEmpty ? null : at ?? times[^1] + MedianGap;

    public void Dispose()
    {
        _pass.Dispose();
        _source?.Dispose();
    }

    /// <summary>The index of an item.</summary>
    /// <exception cref="RecommendationException">The training did not know it; the nearest id is in the message.</exception>
    internal int FindItem(string itemId)
    {
        var item = Sequences.Catalogue.Find(itemId);
        return item > 0 ? item : throw new RecommendationException(Unknown("item", itemId, CandidateIds(), $"{Sequences.Catalogue.Candidates.Length} items"));
    }

    /// <summary>The list after the events of a cache.</summary>
    internal IReadOnlyList<Recommendation> Rank(SequenceCache cache, int nextSeconds, ItemFilter filter, int count)
    {
        count = Math.Min(count, Sequences.Catalogue.Candidates.Length);
        var (top, scores) = (new int[count], new float[count]);
        if (count > 0)
        {
            _pass.TopK(cache, nextSeconds, filter, count, top, scores);
        }

        return ListOf(top, scores);
    }

    private RecommendationSession Follow(string? userId, IReadOnlyList<int> items, IReadOnlyList<long> times)
    {
        var cache = _pass.NewCache(_windowSlack);
        try
        {
            return new RecommendationSession(this, cache, userId, items, times);
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    private IEnumerable<UserRecommendations> RecommendBatches(
        IEnumerable<int> users, RecommendationOptions options, Action<int>? progress, CancellationToken cancellation)
    {
        var done = 0;
        foreach (var batch in users.Chunk(_batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var lists = Rank([.. batch.Select(RequestOf)], options);
            done += batch.Length;
            progress?.Invoke(done);
            foreach (var list in lists)
            {
                yield return list;
            }
        }
    }

    private RecommendationRequest RequestOf(int user)
    {
        var events = Sequences.Offsets[user]..Sequences.Offsets[user + 1];
        return new RecommendationRequest(Sequences.UserIds.GetText(user), Sequences.Items[events].ToArray(),
            Sequences.HasTimes ? Sequences.Times[events].ToArray() : []);
    }

    private UserRecommendations[] Rank(RecommendationRequest[] requests, RecommendationOptions options)
    {
        var (batch, filter) = (new JaggedBatch(), new HistoryFilter());
        var places = new int[requests.Length];
        for (var i = 0; i < requests.Length; i++)
        {
            places[i] = batch.SequenceCount;
            var request = requests[i];
            if (request.Items.Length == 0 && request.UserId is not null)
            {
                places[i] = -1;
                continue;
            }

            var at = RequestTime(request.Times, options.At);
            request.RequireUsable(Sequences.HasTimes, at);
            var window = Math.Min(request.Items.Length, _maxLength);
            var times = request.Times.AsSpan();
            batch.Add(i, request.Items.AsSpan()[^window..], times.IsEmpty ? [] : times[^window..], targetTime: at ?? 0);
            filter.Add(options.IncludeHistory ? [] : request.Items);
        }

        var count = Math.Min(options.Count, Sequences.Catalogue.Candidates.Length);
        var (top, scores) = (new int[batch.SequenceCount * count], new float[batch.SequenceCount * count]);
        if (batch.SequenceCount > 0 && count > 0)
        {
            _pass.TopK(batch, filter.Filter, count, top, scores);
        }

        return [.. requests.Select((request, i) => new UserRecommendations(
            request.UserId, RequestTime(request.Times, options.At), places[i] < 0 ? []
            : ListOf(top.AsSpan(places[i] * count, count), scores.AsSpan(places[i] * count, count))))];
    }

    private List<Recommendation> ListOf(ReadOnlySpan<int> items, ReadOnlySpan<float> scores)
    {
        var list = new List<Recommendation>(items.Length);
        for (var i = 0; i < items.Length && items[i] >= 0; i++)
        {
            list.Add(new Recommendation(i + 1, Sequences.Catalogue.GetId(items[i]), Sequences.Catalogue.GetTitle(items[i]), scores[i]));
        }

        return list;
    }

    private string Unknown(string kind, string id, IEnumerable<string> known, string how)
    {
        return $"there is no {kind} '{id}' in {Sequences.Name} ({how}){NearestName.Question(id, known)}";
    }

    private IEnumerable<string> CandidateIds()
    {
        var catalogue = Sequences.Catalogue;
        return catalogue.Candidates.ToArray().Select(catalogue.GetId);
    }
}

using LargeRec.Autograd;
using LargeRec.Data.Batching;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Engine.Randomness;
using LargeRec.Models;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>What a configuration stands for, made: the data read, the model and its trainer on the device, all memory reserved. It knows no run
/// folder.</summary>
internal sealed class TrainingSession
{
    private readonly AdamW _optimizer;

    public TrainingSession(RunConfiguration configuration, Device device, ExperimentDataOptions dataOptions, bool traceNonFinite, ITrainingObserver? observer,
        CancellationToken cancellation)
    {
        (Configuration, Device) = (configuration, device);
        var source = configuration.Data.File ?? configuration.Data.Name;
        observer?.Phase($"reading {source}");
        Data = ExperimentData.Open(configuration, observer is null ? dataOptions : dataOptions with { Progress = new RowProgress(observer, source) },
            cancellation);
        foreach (var note in Data.Notes)
        {
            observer?.Note(note);
        }

        if (Data.Split.Training.IsEmpty)
        {
            var needed = Data.Split.Kind switch
            {
                SplitKind.Published => "3 events",
                SplitKind.Validated => "4 events (split validated)",
                var kind => $"2 events before those held out (split {kind.ToString().ToLowerInvariant()})",
            };
            throw new DataFormatException(Data.Sequences.Name, 0, $"no user has the {needed} that training takes",
                "each row is one event; is the column of users the right one?");
        }

        if (configuration.Training.EarlyStopping is { } patience && !HasValidation)
        {
            throw new ConfigurationException($"training.early_stopping is {patience}, but the split of {Data.Sequences.Name} has no validation to stop by; "
                + "leave it out, or hold events out for it");
        }

        var (training, seed) = (configuration.Training, configuration.Training.Seed);
        var sequences = Data.Sequences;
        var examples = Data.Split.Training;
        var stochasticLength = training.StochasticLength is { } alpha
            ? new StochasticLength(
                configuration.Data.MaxLength, alpha, training.StochasticSelection == StochasticSelectionSetting.Random,
                (epoch, example) => PhiloxDraws.OfStochasticLength(seed, epoch, example))
            : null;
        Sampler = new BatchSampler(
            sequences, examples, training.BatchSize * training.Accumulation, epoch => Permutation.Of(seed, epoch, examples.Length), stochasticLength);
        Evaluator = new Evaluator(configuration.Evaluation, Data);
        Fingerprint = Data.Fingerprint();

        Model = ModelFactory.Create(device, configuration, sequences.Catalogue.TableRows);
        var rates = configuration.Optimizer;
        _optimizer = new AdamW(
            Model.Parameters,
            new AdamWOptions
            {
                LearningRate = rates.LearningRate,
                Beta1 = rates.Beta1,
                Beta2 = rates.Beta2,
                Epsilon = rates.Epsilon,
                WeightDecay = rates.WeightDecay,
                Table = TableOf(rates.Table),
            });
        Loss = LossFactory.Create(device, configuration.Loss, Data);
        Trainer = new Trainer(device, Model, Loss, _optimizer, new TrainerOptions
        {
            Seed = seed,
            Schedule = LearningRateSchedule.Of(rates, Steps),
            ClipNorm = rates.ClipNorm,
            SequencesAtOnce = training.BatchSize,
            RowGradients = HasRowGradients(sequences.Catalogue.TableRows),
            TraceNonFinite = traceNonFinite,
        });
        observer?.Phase("reserving memory");
        Trainer.Reserve(LargestBatch());
    }

    public RunConfiguration Configuration { get; }

    public Device Device { get; }

    public ExperimentData Data { get; }

    public Evaluator Evaluator { get; }

    public SequenceModel Model { get; }

    public SequenceLoss Loss { get; }

    public AdamW Optimizer => _optimizer;

    public Trainer Trainer { get; }

    /// <summary>A batch of it is what a step learns from.</summary>
    public BatchSampler Sampler { get; }

    /// <summary>Tells the data apart.</summary>
    public string Fingerprint { get; }

    public int Epochs => Configuration.Training.Epochs;

    public int StepsPerEpoch => Sampler.BatchesPerEpoch;

    /// <summary>Steps of the whole run.</summary>
    public long Steps => (long)Epochs * StepsPerEpoch;

    public bool HasValidation => !Data.Split.Validation.IsEmpty;

    /// <summary>What the best weights are chosen by.</summary>
    public string ChoosingMetric => Configuration.Evaluation.Ndcg.Contains(10) ? "ndcg@10" : "mrr";

    /// <summary>Tokens and pairs of so many epochs from the first.</summary>
    public TokenCounts CountsOf(long epochs)
    {
        static TokenCounts Sum(IEnumerable<int> lengths) => lengths.Aggregate(default(TokenCounts), (sum, length) => sum + TokenCounts.OfLength(length));
        if (Sampler.HasConstantLengths)
        {
            var one = Sum(Sampler.Lengths(0));
            return new TokenCounts(epochs * one.Tokens, epochs * one.Pairs);
        }

        var all = default(TokenCounts);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            all += Sum(Sampler.Lengths(epoch));
        }

        return all;
    }

    /// <summary>Takes weights, moments and counts from a checkpoint.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        LoadWeights(checkpoint);
        using var moments = checkpoint.OpenOptimizer();
        AdamWState.Load(_optimizer, checkpoint.State.Step, moments);
        Trainer.Resume(checkpoint.State.ForwardCount);
    }

    /// <summary>Takes a checkpoint's weights only.</summary>
    public void LoadWeights(Checkpoint checkpoint)
    {
        using var weights = checkpoint.OpenWeights();
        ModelWeights.Load(Model, weights);
    }

    /// <summary>Ranks the held-out events of "validation" or "test".</summary>
    /// <exception cref="NonFiniteException">A score is NaN or infinite.</exception>
    public RankingMetrics Evaluate(string split, ITrainingObserver? observer, CancellationToken cancellation)
    {
        var examples = split == "validation" ? Data.Split.Validation : Data.Split.Test;
        try
        {
            return Evaluator.Evaluate(Model, Device, examples, done => observer?.Ranked(split, done, examples.Length), cancellation);
        }
        catch (ArithmeticException exception) when (exception is not (OverflowException or DivideByZeroException))
        {
            // The weights are finite but so large that scores are not.
            throw new NonFiniteException($"step {Trainer.Step}, evaluating {split}: {exception.Message}; consider a smaller optimizer.learning_rate",
                exception);
        }
    }

    /// <summary>Every weight is finite.</summary>
    /// <exception cref="NonFiniteException">One is not.</exception>
    public void RequireFinite()
    {
        try
        {
            Trainer.CheckParameters();
        }
        catch (NonFiniteException exception)
        {
            throw new NonFiniteException($"step {Trainer.Step}: {exception.Message}; train again with --trace-nan to have the first such step named",
                exception);
        }
    }

    public TrainingPlan PlanFor(string runDirectory) => new(
        runDirectory,
        Data.Sequences.UserCount,
        Data.Sequences.Catalogue.Candidates.Length,
        Data.Sequences.EventCount,
        Model.ParameterCount,
        Epochs,
        StepsPerEpoch,
        Device.Name,
        Trainer.Step);

    private static TableOptimizer TableOf(TableOptimizerSetting setting) => setting switch
    {
        TableOptimizerSetting.LazyAdamW => TableOptimizer.LazyAdamW,
        TableOptimizerSetting.RowwiseAdamW => TableOptimizer.RowwiseAdamW,
        _ => TableOptimizer.AdamW,
    };

    /// <summary>
    /// Where only used rows move they are what is kept. The dense rule is the same update either way (for last bits see
    /// <see cref="TrainerOptions.RowGradients"/>): it takes row gradients where a forward's draws are likely to leave
    /// out a good part of the table, so that collecting rows costs less than passing over all of them.
    /// </summary>
    private bool HasRowGradients(int tableRows)
    {
        if (Loss is not SampledSoftmaxLoss { SupportsRows: true })
        {
            return false;
        }

        if (Configuration.Optimizer.Table != TableOptimizerSetting.AdamW)
        {
            return true;
        }

        var uses = (long)Configuration.Training.BatchSize * Configuration.Data.MaxLength * (Configuration.Loss.Negatives + 2);
        return Device.SupportsRowGradients && tableRows > uses / 2;
    }

    /// <summary>The longest sequences together: no forward of any epoch has more tokens.</summary>
    private JaggedBatch LargestBatch()
    {
        var examples = Data.Split.Training.ToArray();
        Array.Sort(examples, (a, b) => b.Length.CompareTo(a.Length));
        var batch = new JaggedBatch();
        batch.Fill(Data.Sequences, examples.AsSpan(0, Math.Min(examples.Length, Configuration.Training.BatchSize)));
        return batch;
    }

    /// <summary>Hands rows on to an observer, on the thread that reads them.</summary>
    private sealed class RowProgress(ITrainingObserver observer, string source) : IProgress<long>
    {
        public void Report(long value) => observer.RowsRead(source, value);
    }
}

using System.Diagnostics;
using LargeRec.Autograd;
using LargeRec.Data.Batching;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Models.Weights;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Metrics;
using LargeRec.Retrieval.Reports;
using LargeRec.Retrieval.Runs;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training;

/// <summary>
/// A whole run: read the data, train epoch by epoch, evaluate, keep everything in a run folder. The same configuration gives the same metrics.jsonl, bit for bit,
/// whatever the number of threads.
/// </summary>
public sealed class TrainingRun
{
    private readonly RunConfiguration _configuration;
    private readonly Device _device;
    private readonly ITrainingObserver? _observer;
    private readonly CancellationToken _cancellation;
    private readonly ExperimentData _data;
    private readonly Evaluator _evaluator;
    private readonly RunFolder _folder;
    private readonly RunRecorder _recorder;
    private readonly SequenceModel _model;
    private readonly AdamW _optimizer;
    private readonly Trainer _trainer;
    private readonly BatchSampler _sampler;
    private readonly string _fingerprint;
    private readonly Stopwatch _clock;
    private TimeSpan _stepping;
    private TimeSpan _untilFirstStep;
    private BestCheckpoint? _best;
    private RankingMetrics? _bestMetrics;
    private RankingMetrics? _latest;
    private long _tokens;

    private TrainingRun(
        RunConfiguration configuration, Device device, TrainingRunOptions options, ITrainingObserver? observer, Stopwatch clock, CancellationToken cancellation)
    {
        (_configuration, _device, _observer, _clock, _cancellation) = (configuration, device, observer, clock, cancellation);
        if (options.RunDirectory is { } wanted)
        {
            RunFolder.RequireFree(wanted);
        }

        observer?.Phase($"reading {configuration.Data.File ?? configuration.Data.Name}");
        _data = ExperimentData.Open(configuration, options.DataDirectory);
        foreach (var note in _data.Notes)
        {
            observer?.Note(note);
        }

        if (_data.Split.Training.IsEmpty)
        {
            var needed = _data.Split.Kind == SplitKind.Validated ? "4 events (split validated)" : "3 events";
            throw new DataFormatException(_data.Sequences.Name, 0, $"no user has the {needed} that training takes", "each row is one event; is the column of users the right one?");
        }

        var seed = configuration.Training.Seed;
        var sequences = _data.Sequences;
        _sampler = new BatchSampler(
            sequences, _data.Split.Training, configuration.Training.BatchSize, epoch => Permutation.Of(seed, epoch, _data.Split.Training.Length));
        _evaluator = new Evaluator(configuration.Evaluation, _data);
        _fingerprint = _data.Fingerprint();

        _model = ModelFactory.Create(device, configuration, sequences.Catalogue.TableRows);
        var rates = configuration.Optimizer;
        _optimizer = new AdamW(
            _model.Parameters,
            new AdamWOptions
            {
                LearningRate = rates.LearningRate,
                Beta1 = rates.Beta1,
                Beta2 = rates.Beta2,
                Epsilon = rates.Epsilon,
                WeightDecay = rates.WeightDecay,
            });
        var loss = new SampledSoftmaxLoss(
            device.UploadPersistent(sequences.Catalogue.Candidates), configuration.Loss.Negatives, (float)configuration.Loss.Temperature);
        _trainer = new Trainer(device, _model, loss, _optimizer, seed, options.TraceNonFinite);
        observer?.Phase("reserving memory");
        _trainer.Reserve(LargestBatch());

        // The folder comes last: whatever was wrong so far has left nothing behind.
        _folder = options.RunDirectory is { } path
            ? RunFolder.Create(path)
            : RunFolder.CreateNext("runs", configuration.Data.Name, configuration.Model.Backbone.ToString().ToLowerInvariant());
        _recorder = new RunRecorder(_folder);
        _folder.WriteConfiguration(configuration);
        var cpu = device as CpuDevice;
        RunEnvironment.Detect(device.Name, (int)(cpu?.Width ?? 0), cpu?.Threads ?? 0, seed).Write(_folder.EnvironmentPath);
        _recorder.WriteItems(sequences);
        observer?.Planned(new TrainingPlan(
            _folder.FolderPath,
            sequences.UserCount,
            sequences.Catalogue.Candidates.Length,
            sequences.EventCount,
            _model.ParameterCount,
            configuration.Training.Epochs,
            _sampler.BatchesPerEpoch,
            device.Name));
    }

    private int Epochs => _configuration.Training.Epochs;

    private bool HasValidation => !_data.Split.Validation.IsEmpty;

    /// <summary>Trains, evaluates and writes the run folder.</summary>
    /// <param name="configuration">What to compute.</param>
    /// <param name="device">Where; it owns the model's memory afterwards too.</param>
    /// <param name="options">Where data and results are.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="cancellation">Stops between steps; the last epoch's checkpoint stays.</param>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite; the step is named.</exception>
    /// <exception cref="RunFolderException">The run folder is not empty.</exception>
    /// <exception cref="ConfigurationException">The configuration does not fit the data.</exception>
    /// <exception cref="DataFormatException">The data cannot be read, or no user has enough events.</exception>
    public static TrainingResult Execute(
        RunConfiguration configuration, Device device, TrainingRunOptions? options = null, ITrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var run = new TrainingRun(configuration, device, options ?? new TrainingRunOptions(), observer, clock, cancellation);
        run.Train();
        return run.Finish();
    }

    private void Train()
    {
        using var prefetcher = new Prefetcher(_sampler, 0, (long)Epochs * _sampler.BatchesPerEpoch);
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var loss = TrainEpoch(prefetcher, epoch);
            RequireFinite();
            _recorder.RecordLoss(_trainer.Step, epoch, loss);
            var (split, metrics) = EvaluateEpoch(epoch);
            _recorder.WriteCheckpoint(StateAfter(epoch), _model, _optimizer);
            _observer?.EpochEnded(epoch, loss, split, metrics);
        }
    }

    private double TrainEpoch(Prefetcher prefetcher, int epoch)
    {
        var start = _clock.Elapsed;
        double lossSum = 0;
        long epochTokens = 0;
        for (var step = 0; step < _sampler.BatchesPerEpoch; step++)
        {
            if (!prefetcher.TryTake(out var batch, _cancellation))
            {
                throw new InvalidOperationException("The batches ended before the epochs did.");
            }

            lossSum += (double)_trainer.TrainOn(batch) * batch.TokenCount;
            epochTokens += batch.TokenCount;
            Report(epoch, lossSum / epochTokens, epochTokens, _clock.Elapsed - start);
            _cancellation.ThrowIfCancellationRequested();
        }

        var seconds = _clock.Elapsed - start;
        _stepping += seconds;
        _tokens += epochTokens;
        _recorder.RecordTiming(_trainer.Step, epoch, seconds.TotalSeconds, epochTokens / seconds.TotalSeconds);
        return lossSum / epochTokens;
    }

    private void Report(int epoch, double loss, long epochTokens, TimeSpan epochTime)
    {
        if (_observer is null)
        {
            return;
        }

        // Time beside the steps (evaluations, checkpoints) comes again every epoch; what came before the first step does not.
        var steps = (long)Epochs * _sampler.BatchesPerEpoch;
        var stepping = _stepping + epochTime;
        var perStep = stepping / _trainer.Step;
        var beside = epoch == 1 ? TimeSpan.Zero : (_clock.Elapsed - stepping - _untilFirstStep) / (epoch - 1) * (Epochs - epoch + 1);
        if (_trainer.Step == 1)
        {
            _untilFirstStep = _clock.Elapsed - stepping;
        }

        _observer.Stepped(new TrainingProgress(
            _trainer.Step, steps, epoch, Epochs, loss, (_tokens + epochTokens) / stepping.TotalSeconds, (perStep * (steps - _trainer.Step)) + beside));
    }

    private (string Split, RankingMetrics? Metrics) EvaluateEpoch(int epoch)
    {
        if (epoch % _configuration.Evaluation.Every != 0 && epoch != Epochs)
        {
            return ("", null);
        }

        var (split, examples) = HasValidation ? ("validation", _data.Split.Validation) : ("test", _data.Split.Test);
        var metrics = Evaluate(split, examples);
        _recorder.RecordMetrics(_trainer.Step, epoch, split, metrics);
        _latest = metrics;
        if (HasValidation)
        {
            var name = metrics.Values.ContainsKey("ndcg@10") ? "ndcg@10" : "mrr";
            if (_best is null || metrics.Values[name] > _best.Value)
            {
                _best = new BestCheckpoint(_trainer.Step, name, metrics.Values[name]);
                _bestMetrics = metrics;
            }
        }

        return (split, metrics);
    }

    private RankingMetrics Evaluate(string split, ReadOnlyMemory<Example> examples)
    {
        try
        {
            return _evaluator.Evaluate(_model, _device, examples, done => _observer?.Ranked(split, done, examples.Length), _cancellation);
        }
        catch (ArithmeticException exception) when (exception is not (OverflowException or DivideByZeroException))
        {
            // The weights are finite but so large that scores are not.
            throw new NonFiniteException($"step {_trainer.Step}, evaluating {split}: {exception.Message}; consider a smaller optimizer.learning_rate", exception);
        }
    }

    private void RequireFinite()
    {
        try
        {
            _trainer.CheckParameters();
        }
        catch (NonFiniteException exception)
        {
            throw new NonFiniteException($"step {_trainer.Step}: {exception.Message}; train again with --trace-nan to have the first such step named", exception);
        }
    }

    private CheckpointState StateAfter(int epoch) => new()
    {
        Step = _trainer.Step,
        Epoch = epoch + 1,
        BatchIndex = 0,
        ForwardCount = _trainer.ForwardCount,
        Seed = _configuration.Training.Seed,
        DataFingerprint = _fingerprint,
        Best = _best,
    };

    /// <summary>The longest sequences together: no batch of any epoch has more tokens.</summary>
    private JaggedBatch LargestBatch()
    {
        var examples = _data.Split.Training.ToArray();
        Array.Sort(examples, (a, b) => b.Length.CompareTo(a.Length));
        var batch = new JaggedBatch();
        batch.Fill(_data.Sequences, examples.AsSpan(0, Math.Min(examples.Length, _configuration.Training.BatchSize)));
        return batch;
    }

    /// <summary>Tests the best weights by validation, or the last, beside the floors.</summary>
    private TrainingResult Finish()
    {
        var step = _trainer.Step;
        if (_best is { } best && best.Step != step)
        {
            step = best.Step;
            using var weights = _folder.Checkpoints.Open(step).OpenWeights();
            ModelWeights.Load(_model, weights);
        }

        var epoch = (int)((step - 1) / _sampler.BatchesPerEpoch) + 1;
        var test = HasValidation ? Evaluate("test", _data.Split.Test) : _latest!;
        var validation = _bestMetrics;
        _observer?.Phase("floors and intervals");
        var seed = _configuration.Training.Seed;
        var intervals = new Dictionary<string, IReadOnlyDictionary<string, double[]>> { ["test"] = _evaluator.Intervals(test, seed) };
        if (validation is not null)
        {
            intervals["validation"] = _evaluator.Intervals(validation, seed);
            _recorder.RecordMetrics(step, epoch, "test", test);
        }

        var summary = new RunSummary
        {
            Test = test.Values,
            Validation = validation?.Values,
            Intervals = intervals,
            Floors = _evaluator.Floors(_data.Split.Test).ToDictionary(f => f.Key, f => f.Value.Values),
            Protocol = _evaluator.Protocol,
            Users = test.Count,
            Items = _data.Sequences.Catalogue.Candidates.Length,
            Step = step,
            Epoch = epoch,
            Seconds = _clock.Elapsed.TotalSeconds,
        };
        summary.Write(_folder.SummaryPath);
        RunReport.Write(_folder);
        return new TrainingResult(_folder, summary, _model, _data, _device);
    }
}

using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The values that make sense: a key, a condition, and what is allowed in words.</summary>
internal static class ConfigurationRules
{
    /// <summary>The rules, in the order of the keys.</summary>
    public static IEnumerable<(string Key, bool Holds, string Allowed)> Check(RunConfiguration configuration)
    {
        var (data, model, loss) = (configuration.Data, configuration.Model, configuration.Loss);
        var (optimizer, training, evaluation) = (configuration.Optimizer, configuration.Training, configuration.Evaluation);
        const string atLeastOne = "at least 1";
        const string atLeastOneOrNull = "at least 1, or null";
        const string absentUnlessFile = "absent unless the data are a CSV or TSV file (data.name csv)";

        var names = DataConfiguration.KnownNames;
        yield return ("data.name", names.Contains(data.Name), $"one of {string.Join(", ", names)}");
        yield return ("data.max_length", data.MaxLength >= 1, atLeastOne);
        var mayGenerate = data.Generator is null || data.Name == DataConfiguration.Synthetic;
        yield return ("data.generator", mayGenerate, "absent unless data.name is synthetic");
        yield return ("data.generator.users", data.Generator is null or { Users: >= 1 }, atLeastOne);
        yield return ("data.generator.items", data.Generator is null or { Items: >= 20 }, "at least 20");
        var isFile = data.Name == DataConfiguration.Delimited;
        yield return ("data.file", isFile || data.File is null, absentUnlessFile);
        yield return ("data.columns", isFile || data.Columns is null, absentUnlessFile);
        const string aMoment = "a date or an ISO 8601 time such as 2001-03-01T12:00:00Z, with data.split temporal";
        const string fractions = "above 0 for the test, at least 0 for the validation, and below 1 for both together";
        yield return ("data.min_user_events", data.MinUserEvents >= 0, "at least 0");
        yield return ("data.min_item_events", data.MinItemEvents >= 0, "at least 0");
        yield return ("data.k_core", data.KCore >= 0, "at least 0");
        yield return ("data.behaviours", data.Behaviours is null || data.Behaviours.Split(',').All(name => name.Trim().Length > 0),
            "names with commas between them");
        yield return ("data.fraction", data.Fraction is > 0 and <= 1, "above 0 and at most 1");
        yield return ("data.validation_fraction", data.ValidationFraction >= 0 && data.ValidationFraction + data.TestFraction < 1, fractions);
        yield return ("data.test_fraction", data.TestFraction > 0, fractions);
        yield return ("data.validation_from", IsMoment(data.ValidationFrom, data.Split), aMoment);
        yield return ("data.test_from", IsMoment(data.TestFrom, data.Split), aMoment);
        yield return ("data.time_unit", isFile || data.TimeUnit is null, absentUnlessFile);

        yield return ("model.layers", model.Layers >= 1, atLeastOne);
        yield return ("model.width", model.Width >= 1, atLeastOne);
        var splitsWidth = model.Heads < 1 || !BackboneKeys.HeadsDivideWidth(model.Backbone) || model.Width % model.Heads == 0;
        yield return ("model.heads", model.Heads >= 1 && splitsWidth, splitsWidth ? atLeastOne : "a divisor of model.width for this backbone");
        yield return ("model.dqk", model.Dqk >= 1, atLeastOne);
        yield return ("model.dv", model.Dv >= 1, atLeastOne);
        yield return ("model.feed_forward_width", model.FeedForwardWidth is null or >= 1, atLeastOneOrNull);
        var dividesHeads = model.KvHeads is null || (model.KvHeads >= 1 && model.Heads % model.KvHeads == 0);
        yield return ("model.kv_heads", dividesHeads, "a divisor of model.heads, or null");
        var isTurnable = model.Bias != BiasSetting.Rope || model.Dqk % 2 == 0;
        yield return ("model.bias", isTurnable, "another than rope, which turns pairs, where the heads' width (model.dqk) is odd");
        yield return ("model.dropout", model.Dropout is >= 0 and < 1, "at least 0 and below 1");

        var drawsNone = loss.Kind == LossSetting.FullSoftmax;
        yield return ("loss.negatives", drawsNone ? loss.Negatives == 0 : loss.Negatives >= 1,
            drawsNone ? "left out under loss.kind full-softmax, which draws none" : atLeastOne);
        yield return ("loss.temperature", loss.Temperature > 0, "above 0");
        yield return ("loss.negatives_from", !drawsNone || loss.NegativesFrom == NegativeSource.Candidates,
            "candidates under loss.kind full-softmax, which draws none");
        yield return ("loss.popularity_power", loss.PopularityPower is >= 0 and <= 1, "from 0 to 1");
        yield return ("loss.shared_negatives", !drawsNone || !loss.SharedNegatives, "false under loss.kind full-softmax, which draws none");
        var isCorrectable = loss is { Kind: LossSetting.SampledSoftmax, NegativesFrom: NegativeSource.Popularity };
        yield return ("loss.logq_correction", !loss.LogqCorrection || isCorrectable,
            "false but under loss.kind sampled-softmax and loss.negatives_from popularity, where chances differ and are known");
        yield return ("loss.calibration", loss.Calibration is >= 0 and <= 1, "from 0 to 1");

        yield return ("optimizer.learning_rate", optimizer.LearningRate > 0, "above 0");
        var mayFall = optimizer.FinalLearningRate == 0
            || (optimizer.Schedule != ScheduleSetting.Constant && optimizer.FinalLearningRate <= optimizer.LearningRate);
        var keepsRows = loss is { Kind: LossSetting.SampledSoftmax, LogqCorrection: false };
        yield return ("optimizer.table", keepsRows || optimizer.Table == TableOptimizerSetting.AdamW, drawsNone
            ? "adamw under loss.kind full-softmax, which moves every row of the table"
            : "adamw under loss.kind bce and gbce and with loss.logq_correction, whose gradients are not kept by row");
        yield return ("optimizer.final_learning_rate", optimizer.FinalLearningRate >= 0 && mayFall,
            "at least 0, not above optimizer.learning_rate, and 0 unless optimizer.schedule is cosine");
        yield return ("optimizer.warmup_steps", optimizer.WarmupSteps >= 0, "at least 0");
        yield return ("optimizer.clip_norm", optimizer.ClipNorm is null or > 0, "above 0, or null");
        yield return ("optimizer.beta1", optimizer.Beta1 is >= 0 and < 1, "at least 0 and below 1");
        yield return ("optimizer.beta2", optimizer.Beta2 is >= 0 and < 1, "at least 0 and below 1");
        yield return ("optimizer.epsilon", optimizer.Epsilon > 0, "above 0");
        yield return ("optimizer.weight_decay", optimizer.WeightDecay >= 0, "at least 0");

        yield return ("training.epochs", training.Epochs >= 1, atLeastOne);
        yield return ("training.batch_size", training.BatchSize >= 1, atLeastOne);
        var fits = (long)training.Accumulation * training.BatchSize <= int.MaxValue;
        yield return ("training.accumulation", training.Accumulation >= 1 && fits, $"at least 1, with at most {int.MaxValue} sequences a step");
        yield return ("training.stochastic_length", training.StochasticLength is null or (> 1 and <= 2), "above 1 and at most 2, or null");
        yield return ("training.checkpoint_every", training.CheckpointEvery is null or >= 1, atLeastOneOrNull);
        var mayStop = training.EarlyStopping is null || (training.EarlyStopping >= 1 && data.Split != SplitKind.Published);
        yield return ("training.early_stopping", mayStop, "at least 1, or null; and null under data.split published, where there is no validation to stop by");

        yield return ("evaluation.hr", IsAscending(evaluation.Hr), "whole numbers from 1 up, ascending");
        yield return ("evaluation.ndcg", IsAscending(evaluation.Ndcg), "whole numbers from 1 up, ascending");
        yield return ("evaluation.bootstrap", evaluation.Bootstrap >= 0, "at least 0");
        yield return ("evaluation.batch_size", evaluation.BatchSize >= 1, atLeastOne);
        yield return ("evaluation.every", evaluation.Every >= 1, atLeastOne);

        var slack = configuration.Inference.WindowSlack;
        yield return ("inference.window_slack", slack >= 0 && (slack == 0 || slack < data.MaxLength), "at least 0 and below data.max_length");
    }

    private static bool IsMoment(string? text, SplitKind split) => text is null || (split == SplitKind.Temporal && Moment.TryParse(text, out _));

    private static bool IsAscending(IReadOnlyList<int> cutOffs)
    {
        var last = 0;
        foreach (var cutOff in cutOffs)
        {
            if (cutOff <= last)
            {
                return false;
            }

            last = cutOff;
        }

        return true;
    }
}

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
        yield return ("data.time_unit", isFile || data.TimeUnit is null, absentUnlessFile);

        yield return ("model.layers", model.Layers >= 1, atLeastOne);
        yield return ("model.width", model.Width >= 1, atLeastOne);
        yield return ("model.heads", model.Heads >= 1, atLeastOne);
        yield return ("model.dqk", model.Dqk >= 1, atLeastOne);
        yield return ("model.dv", model.Dv >= 1, atLeastOne);
        yield return ("model.dropout", model.Dropout is >= 0 and < 1, "at least 0 and below 1");

        yield return ("loss.negatives", loss.Negatives >= 1, atLeastOne);
        yield return ("loss.temperature", loss.Temperature > 0, "above 0");

        yield return ("optimizer.learning_rate", optimizer.LearningRate > 0, "above 0");
        yield return ("optimizer.beta1", optimizer.Beta1 is >= 0 and < 1, "at least 0 and below 1");
        yield return ("optimizer.beta2", optimizer.Beta2 is >= 0 and < 1, "at least 0 and below 1");
        yield return ("optimizer.epsilon", optimizer.Epsilon > 0, "above 0");
        yield return ("optimizer.weight_decay", optimizer.WeightDecay >= 0, "at least 0");

        yield return ("training.epochs", training.Epochs >= 1, atLeastOne);
        yield return ("training.batch_size", training.BatchSize >= 1, atLeastOne);

        yield return ("evaluation.hr", IsAscending(evaluation.Hr), "whole numbers from 1 up, ascending");
        yield return ("evaluation.ndcg", IsAscending(evaluation.Ndcg), "whole numbers from 1 up, ascending");
        yield return ("evaluation.bootstrap", evaluation.Bootstrap >= 0, "at least 0");
        yield return ("evaluation.batch_size", evaluation.BatchSize >= 1, atLeastOne);
        yield return ("evaluation.every", evaluation.Every >= 1, atLeastOne);
    }

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

using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    private const string Origin = "configs/x.json";

    [Test]
    public void An_empty_text_gives_the_defaults()
    {
        Assert.That(ConfigurationWriter.ToJson(ConfigurationReader.Read("{}", Origin)), Is.EqualTo(ConfigurationWriter.ToJson(new RunConfiguration())));
    }

    [Test]
    public void Comments_and_trailing_commas_are_allowed_and_what_is_left_out_keeps_its_default()
    {
        var read = ConfigurationReader.Read(
            """
            // a comment
            { "model": { "layers": 8, /* another */ "bias": "time", }, "evaluation": { "hr": [5, /* and here */ 20,], }, }
            """,
            Origin);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Model, Is.EqualTo(new ModelConfiguration { Layers = 8, Bias = BiasSetting.Time }));
            Assert.That(read.Evaluation.Hr, Is.EqualTo([5, 20]));
            Assert.That(read.Optimizer, Is.EqualTo(new OptimizerConfiguration()));
        }
    }

    [Test]
    public void Every_key_is_read([Values] bool isFile)
    {
        var data = new DataConfiguration { MaxLength = 7, Split = SplitKind.Validated };
        var written = new RunConfiguration
        {
            Data = isFile
                ? data with
                {
                    Name = "csv",
                    File = "a b.csv",
                    Columns = new ColumnMapping { User = "u", Item = "i", Time = "t", Rating = "r", Behaviour = "b", Title = "é" },
                    TimeUnit = TimeUnit.Milliseconds,
                }
                : data with { Name = "synthetic", Generator = new GeneratorConfiguration { Users = 3, Items = 20, Seed = ulong.MaxValue } },
            Model = new ModelConfiguration { Layers = 3, Width = 4, Heads = 5, Dqk = 6, Dv = 7, Dropout = 0.125, Bias = BiasSetting.None, ConcatUa = true },
            Loss = new LossConfiguration { Negatives = 9, Temperature = 0.5 },
            Optimizer = new OptimizerConfiguration
            {
                Table = TableOptimizerSetting.RowwiseAdamW,
                LearningRate = 1.5e-4,
                Beta1 = 0,
                Beta2 = 0.5,
                Epsilon = 1e-6,
                WeightDecay = 0.25
            },
            Training = new TrainingConfiguration
            {
                Epochs = 2,
                BatchSize = 3,
                Seed = 4,
                StochasticLength = 1.75,
                StochasticSelection = StochasticSelectionSetting.Random
            },
            Evaluation = new EvaluationConfiguration { Hr = [1], Ndcg = [], Bootstrap = 0, FilterHistory = false, BatchSize = 8, Every = 9 },
            Inference = new InferenceConfiguration { Preselection = PreselectionSetting.EightBits, WindowSlack = 1 },
        };
        var json = ConfigurationWriter.ToJson(written);
        var read = ConfigurationReader.Read(json, Origin);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ConfigurationWriter.ToJson(read), Is.EqualTo(json));
            Assert.That(read.Data, Is.EqualTo(written.Data));
            Assert.That(read.Model, Is.EqualTo(written.Model));
            Assert.That(read.Optimizer, Is.EqualTo(written.Optimizer));
            Assert.That(read.Inference, Is.EqualTo(written.Inference));
        }
    }

    [Test]
    public void The_written_form_is_snake_case_with_every_key()
    {
        var json = ConfigurationWriter.ToJson(new RunConfiguration());
        Assert.That(json, Does.StartWith("{\n  \"data\": {\n    \"name\": \"ml-1m\",\n    \"file\": null,")
            .And.Contain("\"kind\": \"sampled-softmax\"").And.Contain("\"concat_ua\": false").And.Contain("\"epsilon\": 1E-08").And.EndsWith("}\n"));
    }

    [TestCase("""{"model":{"layer":2}}""", "unknown key 'model.layer': did you mean 'model.layers'?")]
    [TestCase("""{"modle":{}}""", "unknown key 'modle': did you mean 'model'?")]
    [TestCase("""{"model":{"learning_rate":2}}""", "unknown key 'model.learning_rate': did you mean 'optimizer.learning_rate'?")]
    [TestCase("""{"layers":2}""", "unknown key 'layers': did you mean 'model.layers'?")]
    [TestCase("""{"loss":{"xyzxyzxyz":2}}""",
        "unknown key 'loss.xyzxyzxyz': 'loss' has kind, negatives, temperature, negatives_from, popularity_power, shared_negatives, "
        + "logq_correction, calibration")]
    [TestCase("""{"data":{"name":"synthetic","generator":{"user":1}}}""", "unknown key 'data.generator.user': did you mean 'data.generator.users'?")]
    [TestCase("""{"model":{"layers":"two"}}""", "model.layers is \"two\"; it must be a whole number")]
    [TestCase("""{"model":{"layers":2.5}}""", "model.layers is 2.5; it must be a whole number")]
    [TestCase("""{"model":{"layers":9999999999}}""", "model.layers is 9999999999; it must be a whole number")]
    [TestCase("""{"model":{"layers":null}}""", "model.layers is null; it must be a whole number")]
    [TestCase("""{"model":{"dropout":"a"}}""", "model.dropout is \"a\"; it must be a number")]
    [TestCase("""{"model":{"dropout":1e999}}""", "model.dropout is 1e999; it must be a number")]
    [TestCase("""{"model":{"concat_ua":1}}""", "model.concat_ua is 1; it must be true or false")]
    [TestCase("""{"model":{"bias":"tim"}}""", "model.bias is \"tim\"; it must be one of none, position, time, both, rope")]
    [TestCase("""{"model":{"bias":"Time"}}""", "model.bias is \"Time\"; it must be one of none, position, time, both, rope")]
    [TestCase("""{"model":{"bias":2}}""", "model.bias is 2; it must be one of none, position, time, both, rope")]
    [TestCase("""{"model":{"backbone":"sasre"}}""", "model.backbone is \"sasre\"; it must be one of hstu, hstu-production, llama, gpt, gpt-post, sasrec")]
    [TestCase("""{"model":{"backbone":"llama","bias":"both"}}""", "model.bias is \"both\", but model.backbone llama has \"rope\"")]
    [TestCase("""{"model":{"backbone":"gpt","heads":3}}""", "model.heads is 3; it must be a divisor of model.width for this backbone")]
    [TestCase("""{"data":{"split":"random"}}""", "data.split is \"random\"; it must be one of published, validated, temporal, ratio, basket")]
    [TestCase("""{"data":{"k_core":-1}}""", "data.k_core is -1; it must be at least 0")]
    [TestCase("""{"data":{"min_user_events":-1}}""", "data.min_user_events is -1; it must be at least 0")]
    [TestCase("""{"data":{"min_item_events":-1}}""", "data.min_item_events is -1; it must be at least 0")]
    [TestCase("""{"data":{"behaviours":"buy,,cart"}}""", "data.behaviours is \"buy,,cart\"; it must be names with commas between them")]
    [TestCase("""{"data":{"test_fraction":0}}""",
        "data.test_fraction is 0; it must be above 0 for the test, at least 0 for the validation, and below 1 for both together")]
    [TestCase("""{"data":{"validation_fraction":0.9}}""", "data.validation_fraction is 0.9; it must be above 0 for the test")]
    [TestCase("""{"data":{"test_from":"2001-03-01"}}""",
        "data.test_from is \"2001-03-01\"; it must be a date or an ISO 8601 time such as 2001-03-01T12:00:00Z, with data.split temporal")]
    [TestCase("""{"data":{"split":"temporal","validation_from":"March"}}""", "data.validation_from is \"March\"; it must be a date or an ISO 8601 time")]
    [TestCase("""{"data":{"time_unit":"h"}}""", "data.time_unit is \"h\"; it must be one of s, ms, iso, or null")]
    [TestCase("""{"optimizer":{"schedule":"linear"}}""", "optimizer.schedule is \"linear\"; it must be one of constant, cosine")]
    [TestCase("""{"optimizer":{"schedule":"cosine","learning_rate":0.1,"final_learning_rate":0.2}}""",
        "optimizer.final_learning_rate is 0.2; it must be at least 0, not above")]
    [TestCase("""{"data":{"split":"validated"},"training":{"early_stopping":0}}""", "training.early_stopping is 0; it must be at least 1")]
    [TestCase("""{"data":{"name":null}}""", "data.name is null; it must be a text")]
    [TestCase("""{"training":{"seed":-1}}""", "training.seed is -1; it must be a whole number from 0 up")]
    [TestCase("""{"evaluation":{"hr":10}}""", "evaluation.hr is 10; it must be a list of whole numbers")]
    [TestCase("""{"evaluation":{"hr":[10,"a"]}}""", "evaluation.hr is [10,\"a\"]; it must be a list of whole numbers")]
    [TestCase("""{"model":3}""", "model is 3; it must be a section: { ... }")]
    [TestCase("""{"model":null}""", "model is null; it must be a section: { ... }")]
    [TestCase("""{"model":{"layers":2,"layers":3}}""", "model.layers is there twice")]
    [TestCase("""{"\ud800":2}""", "it holds a text that is not valid Unicode")]
    [TestCase("""{"data":{"name":"\ud800"}}""", "it holds a text that is not valid Unicode")]
    [TestCase("""[]""", "a configuration is an object")]
    public void Says_in_one_line_what_is_wrong(string json, string expected)
    {
        Assert.That(() => ConfigurationReader.Read(json, Origin),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{Origin}: {expected}"));
    }

    [TestCase("data.name", "\"ml-2m\"", "one of synthetic, ml-100k, ml-1m, ml-20m, ml-32m, kuairand-pure, kuairand-1k, kuairand-27k, amazon-beauty, "
        + "amazon-sports, amazon-toys, amazon-books, online-retail, taobao, csv")]
    [TestCase("data.max_length", "0", "at least 1")]
    [TestCase("data.file", "\"a.csv\"", "absent unless the data are a CSV or TSV file (data.name csv)")]
    [TestCase("data.time_unit", "\"ms\"", "absent unless the data are a CSV or TSV file (data.name csv)")]
    [TestCase("optimizer.final_learning_rate", "0.0001", "at least 0, not above optimizer.learning_rate, and 0 unless optimizer.schedule is cosine")]
    [TestCase("optimizer.warmup_steps", "-1", "at least 0")]
    [TestCase("optimizer.clip_norm", "0", "above 0, or null")]
    [TestCase("training.accumulation", "0", "at least 1, with at most 2147483647 sequences a step")]
    [TestCase("training.accumulation", "2000000000", "at least 1, with at most 2147483647 sequences a step")]
    [TestCase("training.stochastic_length", "1", "above 1 and at most 2, or null")]
    [TestCase("training.stochastic_length", "2.5", "above 1 and at most 2, or null")]
    [TestCase("training.checkpoint_every", "0", "at least 1, or null")]
    [TestCase("training.early_stopping", "3", "at least 1, or null; and null under data.split published, where there is no validation to stop by")]
    [TestCase("model.layers", "0", "at least 1")]
    [TestCase("model.width", "-5", "at least 1")]
    [TestCase("model.heads", "0", "at least 1")]
    [TestCase("model.dqk", "0", "at least 1")]
    [TestCase("model.dv", "0", "at least 1")]
    [TestCase("model.dropout", "1", "at least 0 and below 1")]
    [TestCase("model.dropout", "-0.1", "at least 0 and below 1")]
    [TestCase("loss.negatives", "0", "at least 1")]
    [TestCase("loss.temperature", "0", "above 0")]
    [TestCase("optimizer.learning_rate", "0", "above 0")]
    [TestCase("optimizer.beta1", "1", "at least 0 and below 1")]
    [TestCase("optimizer.beta2", "1", "at least 0 and below 1")]
    [TestCase("optimizer.epsilon", "0", "above 0")]
    [TestCase("optimizer.weight_decay", "-1", "at least 0")]
    [TestCase("training.epochs", "0", "at least 1")]
    [TestCase("training.batch_size", "0", "at least 1")]
    [TestCase("inference.window_slack", "-1", "at least 0 and below data.max_length")]
    [TestCase("inference.window_slack", "200", "at least 0 and below data.max_length")]
    [TestCase("evaluation.hr", "[0]", "whole numbers from 1 up, ascending")]
    [TestCase("evaluation.ndcg", "[10,10]", "whole numbers from 1 up, ascending")]
    [TestCase("evaluation.bootstrap", "-1", "at least 0")]
    [TestCase("evaluation.batch_size", "0", "at least 1")]
    [TestCase("evaluation.every", "0", "at least 1")]
    public void Impossible_values_are_named_with_what_is_allowed(string key, string value, string allowed)
    {
        var parts = key.Split('.');
        var expected = $"{key} is {value}; it must be {allowed}";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ConfigurationReader.Read($$"""{"{{parts[0]}}":{"{{parts[1]}}":{{value}} } }""", Origin),
                Throws.TypeOf<ConfigurationException>().With.Message.EqualTo($"{Origin}: {expected}"));
            Assert.That(() => ConfigurationReader.Read("{}", Origin, [$"{key}={value.Trim('"')}"]),
                Throws.TypeOf<ConfigurationException>().With.Message.EqualTo($"--set: {expected}"));
        }
    }

    [TestCase("false but under", "loss.logq_correction=true")]
    [TestCase("false but under", "loss.logq_correction=true", "loss.kind=bce", "loss.negatives_from=popularity")]
    [TestCase("from 0 to 1", "loss.popularity_power=2")]
    [TestCase("from 0 to 1", "loss.calibration=-1")]
    [TestCase("candidates under", "loss.kind=full-softmax", "loss.negatives_from=batch")]
    [TestCase("false under", "loss.kind=full-softmax", "loss.shared_negatives=true")]
    [TestCase("adamw under loss.kind bce", "loss.kind=gbce", "optimizer.table=lazy-adamw")]
    public void What_a_loss_cannot_have_is_said(string allowed, params string[] keys) => Assert.That(
        () => ConfigurationReader.Read("{}", Origin, keys), Throws.TypeOf<ConfigurationException>().With.Message.Contains($"must be {allowed}"));

    [Test]
    public void A_loss_over_all_items_draws_no_negatives()
    {
        const string kind = "loss.kind=full-softmax";
        const string file = """{"loss":{"kind":"sampled-softmax","negatives":128}}""";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ConfigurationReader.Read(file, Origin, [kind]).Loss,
                Is.EqualTo(new LossConfiguration { Kind = LossSetting.FullSoftmax, Negatives = 0 }));
            Assert.That(ConfigurationReader.Read("""{"loss":{"kind":"full-softmax"}}""", Origin).Loss.Negatives, Is.Zero);
            Assert.That(() => ConfigurationReader.Read(file, Origin, [kind, "loss.negatives=64"]), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
                "--set: loss.negatives is 64; it must be left out under loss.kind full-softmax, which draws none"));
            Assert.That(() => ConfigurationReader.Read("{}", Origin, [kind, "optimizer.table=lazy-adamw"]), Throws.TypeOf<ConfigurationException>()
                .With.Message.Contains("must be adamw under loss.kind full-softmax"));
        }
    }

    [Test]
    public void The_generator_belongs_to_synthetic_data_and_is_always_there_then()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ConfigurationReader.Read("""{"data":{"name":"synthetic"}}""", Origin).Data.Generator, Is.EqualTo(new GeneratorConfiguration()));
            Assert.That(() => ConfigurationReader.Read("""{"data":{"generator":{"users":5}}}""", Origin),
                Throws.TypeOf<ConfigurationException>().With.Message.Contains("absent unless data.name is synthetic"));
            Assert.That(() => ConfigurationReader.Read("""{"data":{"name":"synthetic","generator":{"users":0}}}""", Origin),
                Throws.TypeOf<ConfigurationException>().With.Message.Contains("data.generator.users is 0"));
        }
    }

    [Test]
    public void A_syntax_error_is_named_with_its_line()
    {
        Assert.That(() => ConfigurationReader.Read("{\n\"model\": {\n\"layers\" 3\n", Origin),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{Origin} line 3: not valid JSON: ").And.Message.Not.Contains('\n'));
    }

    [Test]
    public void What_is_quoted_of_a_damaged_file_is_short_and_moves_no_cursor()
    {
        Assert.That(() => ConfigurationReader.Read("{\"seed\": n\u001b[2Jll" + new string('x', 10_000), Origin),
            Throws.TypeOf<ConfigurationException>().With.Message.Matches("^\\P{Cc}{1,300}$"));
        Assert.That(() => ConfigurationReader.Read("{\"training\": {\"seed\": \"" + new string('x', 10_000) + "\"}}", Origin),
            Throws.TypeOf<ConfigurationException>().With.Message.Matches("^\\P{Cc}{1,400}$"));
        Assert.That(() => ConfigurationReader.Read("{}", Origin, ["a\nb"]), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("--set a b: "));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        Assert.That(() => ConfigurationReader.ReadFile("no/such.json"),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("no/such.json: there is no such file"));
    }

    [Test]
    public void Overrides_take_the_type_of_their_key()
    {
        var read = ConfigurationReader.Read("{}", Origin,
        [
            "model.layers=8", "model.dropout=.5", "model.bias=none", "model.concat_ua=true", "data.name=csv",
            "data.columns.user=the user", "data.file=null", "data.time_unit=iso", "evaluation.hr=1,20", "evaluation.ndcg=[3]", "model.layers=4",
            "optimizer.learning_rate=1e-4", "training.seed=18446744073709551615",
        ]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Model, Is.EqualTo(new ModelConfiguration { Layers = 4, Dropout = 0.5, Bias = BiasSetting.None, ConcatUa = true }));
            Assert.That(
                ConfigurationReader.Read("{}", Origin, ["data.name=synthetic", "data.generator.users=5"]).Data.Generator,
                Is.EqualTo(new GeneratorConfiguration { Users = 5 }));
            Assert.That(read.Data.Columns, Is.EqualTo(new ColumnMapping { User = "the user" }));
            Assert.That(read.Data.File, Is.Null);
            Assert.That(read.Data.TimeUnit, Is.EqualTo(TimeUnit.Iso));
            Assert.That(read.Evaluation.Hr, Is.EqualTo([1, 20]));
            Assert.That(read.Evaluation.Ndcg, Is.EqualTo([3]));
            Assert.That(read.Optimizer.LearningRate, Is.EqualTo(1e-4));
            Assert.That(read.Training.Seed, Is.EqualTo(ulong.MaxValue));
        }
    }

    [TestCase("model.layer=2", "--set: unknown key 'model.layer': did you mean 'model.layers'?")]
    [TestCase("layers=2", "--set: unknown key 'layers': did you mean 'model.layers'?")]
    [TestCase("model=2", "--set: model is a section; set one of its keys: backbone, layers,")]
    [TestCase("model.layers.deep=2", "--set: model.layers is a value; it has no key 'deep'")]
    [TestCase("model.layers", "--set model.layers: write it as --set section.key=value")]
    [TestCase("model.layers=two", "--set: model.layers is two; it must be a whole number")]
    [TestCase("model.layers=2 3", "--set: model.layers is 2 3; it must be a whole number")]
    [TestCase("model.dropout=NaN", "--set: model.dropout is NaN; it must be a number")]
    [TestCase("model.bias=tim", "--set: model.bias is tim; it must be one of none, position, time, both, rope")]
    [TestCase("training.seed=", "--set: training.seed is ; it must be a whole number")]
    public void A_wrong_override_is_one_line(string assignment, string expected)
    {
        Assert.That(() => ConfigurationReader.Read("{}", Origin, [assignment]), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(expected));
    }
}

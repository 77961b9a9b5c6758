using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;

namespace LargeRec.Retrieval.Tests.Evaluation;

public sealed class EvaluatorTests
{
    [Test]
    public void The_protocol_says_split_candidates_window_and_ties()
    {
        var data = SmallData.Generated();
        var evaluator = new Evaluator(new EvaluationConfiguration(), data);
        Assert.That(evaluator.Protocol, Is.EqualTo(
            "leave-one-out, last event = test, second-last = validation; full ranking of 40 candidates, items of the latest 12 events filtered; ties by item "
            + "index; a filtered target is a miss"));
        Assert.That(
            new Evaluator(new EvaluationConfiguration { FilterHistory = false }, SmallData.Generated("data.split=published")).Protocol,
            Does.StartWith("leave-one-out, last event = test, no validation (published);").And.Contain("no item filtered")
            .And.Not.Contain("a filtered target"));
    }

    [Test]
    public void Metrics_and_floors_have_the_configured_names()
    {
        using var device = new CpuDevice(1);
        var data = SmallData.Generated();
        var evaluator = new Evaluator(new EvaluationConfiguration { Hr = [3], Ndcg = [4], Bootstrap = 20 }, data);
        var metrics = evaluator.Evaluate(SmallData.Model(device, data), device, data.Split.Test);
        string[] names = ["hr@3", "ndcg@4", "mrr"];
        Assert.That(metrics.Values.Keys, Is.EqualTo(names));
        Assert.That(evaluator.Intervals(metrics, seed: 1).Keys, Is.EqualTo(names));
        Assert.That(evaluator.Floors(data.Split.Test).Values.Select(f => f.Values.Keys), Is.All.EqualTo(names));
        Assert.That(new Evaluator(new EvaluationConfiguration { Bootstrap = 0 }, data).Intervals(metrics, seed: 1), Is.Empty);
    }

    [Test]
    public void Hits_among_more_than_all_candidates_are_left_out()
    {
        using var device = new CpuDevice(1);
        var data = SmallData.Generated();
        var evaluator = new Evaluator(new EvaluationConfiguration { Hr = [10, 40, 41], Ndcg = [41], Bootstrap = 5 }, data);
        var metrics = evaluator.Evaluate(SmallData.Model(device, data), device, data.Split.Test);
        string[] names = ["hr@10", "hr@40", "ndcg@41", "mrr"];
        Assert.That(metrics.Names, Is.EqualTo(names));
        Assert.That(evaluator.Floors(data.Split.Test).Values.Select(f => f.Values.Keys), Is.All.EqualTo(names));
    }

    [Test]
    public void Several_targets_of_one_user_are_one_users()
    {
        using var device = new CpuDevice(1);
        var data = SmallData.Generated("data.split=ratio", "data.test_fraction=0.3");
        var metrics = new Evaluator(new EvaluationConfiguration(), data).Evaluate(SmallData.Model(device, data), device, data.Split.Test);
        var users = data.Split.Test.ToArray().Select(example => example.User).Distinct().Count();
        Assert.That((metrics.Count, metrics.UserCount), Is.EqualTo((data.Split.Test.Length, users)));
        Assert.That(metrics.Count, Is.GreaterThan(users));
    }
}

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
            "leave-one-out, last event = test, second-last = validation; full ranking of 40 candidates, items of the latest 12 events filtered; ties by item index; a filtered target is a miss"));
        Assert.That(
            new Evaluator(new EvaluationConfiguration { FilterHistory = false }, SmallData.Generated("data.split=published")).Protocol,
            Does.StartWith("leave-one-out, last event = test, no validation (published);").And.Contain("no item filtered").And.Not.Contain("a filtered target"));
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
}

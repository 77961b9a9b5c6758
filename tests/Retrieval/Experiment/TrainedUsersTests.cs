using LargeRec.Retrieval.Experiment;

namespace LargeRec.Retrieval.Tests.Experiment;

/// <summary>Shares of the users.</summary>
public sealed class TrainedUsersTests
{
    [Test]
    public void Smaller_shares_lie_within_larger_ones_and_have_the_users_that_they_say()
    {
        int[] Chosen(double fraction) => [.. Enumerable.Range(0, 1000).Where(TrainedUsers.Of(fraction, 1000)!)];
        Assert.That(Chosen(0.5), Is.SupersetOf(Chosen(0.25)));
        Assert.That(Chosen(0.25), Is.SupersetOf(Chosen(0.001)));
        Assert.That((Chosen(0.5).Length, Chosen(0.25).Length, Chosen(1e-9).Length), Is.EqualTo((500, 250, 1)));
        Assert.That(Chosen(0.5).Average(), Is.EqualTo(500).Within(60), "they are spread over all");
        Assert.That(TrainedUsers.Of(1, 1000), Is.Null);
    }

    [Test]
    public void Only_the_chosen_users_are_trained_on_and_all_are_tested()
    {
        using var whole = ExperimentData.Open(SmallData.Configuration(), dataDirectory: null);
        using var half = ExperimentData.Open(SmallData.Configuration("data.fraction=0.5"), dataDirectory: null);
        using var seed = ExperimentData.Open(SmallData.Configuration("data.fraction=0.5", "training.seed=9"), dataDirectory: null);
        Assert.That(half.Split.Test.ToArray(), Is.EqualTo(whole.Split.Test.ToArray()));
        Assert.That(half.Split.Training.Length, Is.InRange((whole.Split.Training.Length / 2) - 3, (whole.Split.Training.Length / 2) + 3));
        Assert.That(half.Split.Training.ToArray(), Is.SubsetOf(whole.Split.Training.ToArray()).And.EqualTo(seed.Split.Training.ToArray()));
        for (var user = 0; user < half.Sequences.UserCount; user++)
        {
            var isTrained = half.Split.Training.ToArray().Any(example => example.User == user);
            Assert.That(half.Split.TrainingEnds[user] > half.Sequences.Offsets[user], Is.EqualTo(isTrained), "no floor counts the others' events");
        }

        Assert.That(half.Notes, Has.Some.Contains("the others are only tested"));
    }
}

using LargeRec.Data.Events;
using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Preparation;

/// <summary>Compares everything that sequences hold.</summary>
internal static class SequencesEquality
{
    public static void AssertSame(InteractionSequences actual, InteractionSequences expected)
    {
        AssertSameHistories(actual, expected);
        Assert.That(actual.HasRatings, Is.EqualTo(expected.HasRatings));
        Assert.That(actual.HasBehaviours, Is.EqualTo(expected.HasBehaviours));
        Assert.That(actual.Ratings.ToArray(), Is.EqualTo(expected.Ratings.ToArray()));
        Assert.That(actual.Behaviours.ToArray(), Is.EqualTo(expected.Behaviours.ToArray()));
        Assert.That(actual.BehaviourNames, Is.EqualTo(expected.BehaviourNames));
        Assert.That(Attributes(actual.UserInformation), Is.EqualTo(Attributes(expected.UserInformation)));
        Assert.That(Attributes(actual.ItemInformation), Is.EqualTo(Attributes(expected.ItemInformation)));
    }

    public static void AssertSameHistories(InteractionSequences actual, InteractionSequences expected)
    {
        Assert.That(actual.Name, Is.EqualTo(expected.Name));
        Assert.That(actual.Offsets.ToArray(), Is.EqualTo(expected.Offsets.ToArray()));
        Assert.That(actual.Items.ToArray(), Is.EqualTo(expected.Items.ToArray()));
        Assert.That(actual.HasTimes, Is.EqualTo(expected.HasTimes));
        Assert.That(actual.Times.ToArray(), Is.EqualTo(expected.Times.ToArray()));
        Assert.That(actual.Notes, Is.EqualTo(expected.Notes));
        Assert.That(actual.UserIds.Count, Is.EqualTo(expected.UserIds.Count));
        for (var user = 0; user < expected.UserCount; user++)
        {
            var id = expected.UserIds.GetText(user);
            Assert.That(actual.UserIds.GetText(user), Is.EqualTo(id));
            Assert.That(actual.UserIds.Find(id), Is.EqualTo(user));
        }

        var (catalogue, wanted) = (actual.Catalogue, expected.Catalogue);
        Assert.That(catalogue.TableRows, Is.EqualTo(wanted.TableRows));
        Assert.That(catalogue.Candidates.ToArray(), Is.EqualTo(wanted.Candidates.ToArray()));
        foreach (var item in wanted.Candidates)
        {
            Assert.That(catalogue.GetId(item), Is.EqualTo(wanted.GetId(item)));
            Assert.That(catalogue.GetTitle(item), Is.EqualTo(wanted.GetTitle(item)));
            Assert.That(catalogue.Find(wanted.GetId(item)), Is.EqualTo(item));
        }
    }

    private static string[] Attributes(IEnumerable<SideInformation> attributes)
        => [.. attributes.Select(a => $"{a.Name}: {string.Join(' ', a.Codes)} of {string.Join('|', a.Values)}")];
}

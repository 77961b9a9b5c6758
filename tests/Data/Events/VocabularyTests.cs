using System.Text;
using CsCheck;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class VocabularyTests
{
    [Test]
    public void Gives_indices_by_first_appearance_and_finds_them_again()
        => Gen.Int[0, 3000].Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)).Array[0, 2000].Sample(ids =>
        {
            var vocabulary = new Vocabulary();
            var expected = new Dictionary<string, int>();
            foreach (var id in ids)
            {
                expected.TryAdd(id, expected.Count);
                Assert.That(vocabulary.GetOrAdd(id), Is.EqualTo(expected[id]));
            }

            Assert.That(vocabulary.Count, Is.EqualTo(expected.Count));
            foreach (var (id, index) in expected)
            {
                Assert.That(vocabulary.Find(id), Is.EqualTo(index));
                Assert.That(vocabulary.GetText(index), Is.EqualTo(id));
            }
        }, iter: 50);

    [Test]
    public void Takes_empty_long_and_binary_ids_and_ids_beyond_32_bits()
    {
        var vocabulary = new Vocabulary();
        byte[][] ids = [[], [0], [0, 0], [0xff, 0xfe], "90071992547409931234567890"u8.ToArray(), Encoding.UTF8.GetBytes(new string('é', 5000))];
        foreach (var id in ids)
        {
            vocabulary.GetOrAdd(id);
        }

        Assert.That(vocabulary.Count, Is.EqualTo(ids.Length));
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.That(vocabulary[i].ToArray(), Is.EqualTo(ids[i]));
            Assert.That(vocabulary.Find(ids[i]), Is.EqualTo(i));
        }
    }

    [Test]
    public void An_unknown_id_has_index_minus_one() => Assert.That(new Vocabulary().Find("x"), Is.EqualTo(-1));
}

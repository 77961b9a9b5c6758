using System.Globalization;
using System.Text;
using CsCheck;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class NumberTextTests
{
    private static readonly Gen<string> Digits = Gen.Char["0123456789"].Array[0, 12].Select(characters => new string(characters));

    [Test]
    public void Decimal_texts_give_the_nearest_float_as_the_framework_does()
        => Gen.Select(Digits, Gen.Int[0, 2], Digits).Sample((whole, point, fraction) =>
        {
            var text = point == 0 ? whole : $"{whole}.{fraction}";
            var expected = float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
            var parsed = NumberText.TrySingle(Encoding.UTF8.GetBytes(text), out var found);

            // The framework's two parsers differ about a point at an end; where both read a text they agree.
            Assert.That(found, parsed && expected ? Is.EqualTo(value) : Is.Not.NaN, text);
            Assert.That(parsed || !expected || text.StartsWith('.') || text.EndsWith('.'), text);
        }, iter: 20_000);

    [TestCase("0.5", 0.5f)]
    [TestCase("-3.25", -3.25f)]
    [TestCase("1e3", 1000f)]
    [TestCase("16777217", 16777216f)]
    [TestCase("0.1", 0.1f)]
    public void Numbers_of_every_form_are_read(string text, float expected)
    {
        Assert.That(NumberText.TrySingle(Encoding.UTF8.GetBytes(text), out var value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("1.2.3")]
    [TestCase("1,5")]
    [TestCase("NaN")]
    [TestCase("1e99")]
    public void What_is_no_finite_number_is_refused(string text) => Assert.That(NumberText.TrySingle(Encoding.UTF8.GetBytes(text), out _), Is.False);

    [Test]
    public void Integers_are_read_as_the_framework_reads_them()
        => Gen.Long.Sample(number =>
        {
            Assert.That(NumberText.TryInt64(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), out var value));
            Assert.That(value, Is.EqualTo(number));
        });
}

using System.Globalization;
using System.Text;
using CsCheck;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class IsoTimeTests
{
    [Test]
    public void Reads_what_the_framework_writes()
        => Gen.Long[-60_000_000_000_000, 250_000_000_000_000].Sample(milliseconds =>
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            foreach (var format in new[] { "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd HH:mm:ss.fffffff", "yyyy-MM-dd'T'HH:mm:ss.fffzzz" })
            {
                var text = time.ToOffset(TimeSpan.FromMinutes(format.EndsWith("zzz", StringComparison.Ordinal) ? -90 : 0))
                    .ToString(format, CultureInfo.InvariantCulture);
                Assert.That(IsoTime.TryParse(Encoding.ASCII.GetBytes(text), out var read), Is.True, text);
                Assert.That(read, Is.EqualTo(milliseconds), text);
            }
        });

    [TestCase("2024-02-29", 1709164800000)]
    [TestCase("1970-01-01T00:01", 60000)]
    [TestCase("1970-01-01T00:00:01+01:00", 1000 - 3600000)]
    [TestCase("1969-12-31 23:59:59.5", -500)]
    public void Reads_the_shorter_forms(string text, long expected)
    {
        Assert.That(IsoTime.TryParse(Encoding.ASCII.GetBytes(text), out var read), Is.True);
        Assert.That(read, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("2023-02-29")]
    [TestCase("2023-13-01")]
    [TestCase("2023-1-1")]
    [TestCase("2023-01-01T24:00")]
    [TestCase("2023-01-01T10")]
    [TestCase("2023-01-01T10:00:00.")]
    [TestCase("2023-01-01T10:00:00X")]
    [TestCase("2023-01-01T10:00:00+25:00")]
    [TestCase("01/02/2023")]
    public void Refuses_what_is_no_such_time(string text) => Assert.That(IsoTime.TryParse(Encoding.ASCII.GetBytes(text), out _), Is.False);
}

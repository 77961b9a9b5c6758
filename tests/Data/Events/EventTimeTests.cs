using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class EventTimeTests
{
    [TestCase("2024-05-01", 1714521600000)]
    [TestCase("2024-05-01T12:30:00+02:00", 1714559400000)]
    [TestCase("1714521600", 1714521600000)]
    [TestCase("1714521600000", 1714521600000)]
    [TestCase("1714521600.25", 1714521600250)]
    [TestCase("0", 0)]
    [TestCase("-1.5", -1500)]
    public void Iso_seconds_and_milliseconds_are_read(string text, long milliseconds)
    {
        Assert.That(EventTime.TryParse(text, out var read));
        Assert.That(read, Is.EqualTo(milliseconds));
    }

    [TestCase("")]
    [TestCase("now")]
    [TestCase("2024-13-01")]
    [TestCase("1e400")]
    [TestCase("99999999999999999999999")]
    public void Anything_else_is_refused(string text) => Assert.That(EventTime.TryParse(text, out _), Is.False);

    [TestCase(0, "1970-01-01T00:00:00Z")]
    [TestCase(1714559400250, "2024-05-01T10:30:00.250Z")]
    [TestCase(-1, "1969-12-31T23:59:59.999Z")]
    [TestCase(long.MaxValue, "9223372036854775807 ms")]
    [TestCase(long.MinValue, "-9223372036854775808 ms")]
    public void Times_are_written_in_utc(long milliseconds, string text) => Assert.That(EventTime.ToText(milliseconds), Is.EqualTo(text));
}

using System.Text;

namespace LargeRec.Data.Events;

/// <summary>A moment given by a person: a date or an ISO 8601 time, UTC where no offset is given.</summary>
public static class Moment
{
    /// <param name="milliseconds">Since 1970-01-01 UTC.</param>
    public static bool TryParse(string text, out long milliseconds) => IsoTime.TryParse(Encoding.UTF8.GetBytes(text.Trim()), out milliseconds);
}

namespace LargeRec.Data.Events;

/// <summary>The optional columns that a log has beside user and item.</summary>
[Flags]
public enum EventColumns
{
    None = 0,
    Times = 1,
    Ratings = 2,
    Behaviours = 4,
}

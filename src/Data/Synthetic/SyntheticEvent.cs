namespace LargeRec.Data.Synthetic;

/// <summary>One event of a generated user; <c>Time</c> in milliseconds since 1970-01-01 UTC, <c>Rating</c> 1 to 5.</summary>
internal readonly record struct SyntheticEvent(int Item, long Time, float Rating, SyntheticBehaviour Behaviour);

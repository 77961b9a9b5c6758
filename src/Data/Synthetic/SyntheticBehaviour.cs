namespace LargeRec.Data.Synthetic;

/// <summary>What a generated user does with an item; the codes of the log's behaviour column.</summary>
internal enum SyntheticBehaviour : byte
{
    View,
    Cart,
    Buy,
}

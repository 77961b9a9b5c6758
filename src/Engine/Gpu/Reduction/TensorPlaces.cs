using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Reduction;

/// <summary>Where some tensors lie: equal places are equal launches.</summary>
internal sealed class TensorPlaces
{
    private readonly (nint Slab, long ByteOffset, Shape Shape, int RowStride)[] _places;

    public TensorPlaces(ReadOnlySpan<Tensor> tensors)
    {
        _places = new (nint, long, Shape, int)[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            _places[i] = PlaceOf(tensors[i]);
        }
    }

    public bool AreThoseOf(ReadOnlySpan<Tensor> tensors)
    {
        var isSame = tensors.Length == _places.Length;
        for (var i = 0; isSame && i < tensors.Length; i++)
        {
            isSame = PlaceOf(tensors[i]) == _places[i];
        }

        return isSame;
    }

    private static (nint Slab, long ByteOffset, Shape Shape, int RowStride) PlaceOf(Tensor tensor) =>
        (tensor.Block.Slab, tensor.Block.ByteOffset + ((long)tensor.Offset * sizeof(float)), tensor.Shape, tensor.RowStride);
}

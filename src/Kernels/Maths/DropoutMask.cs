using ILGPU;

namespace LargeRec.Kernels.Maths;

/// <summary>The dropout mask of one site and forward pass: the very words of <see cref="LargeRec.Engine.Operations.DropoutSite"/>.</summary>
internal readonly struct DropoutMask
{
    private const int ForwardCount = 0;

    private readonly uint _seedLow;
    private readonly uint _seedHigh;
    private readonly uint _forwardCount;
    private readonly uint _site;
    private readonly uint _threshold;
    private readonly float _scale;

    public DropoutMask(ArrayView<int> numbers, int numbersOffset, uint seedLow, uint seedHigh, uint site, uint threshold, float scale)
    {
        _seedLow = seedLow;
        _seedHigh = seedHigh;
        _forwardCount = (uint)numbers[numbersOffset + ForwardCount];
        _site = site;
        _threshold = threshold;
        _scale = scale;
    }

    /// <summary>Value (row, column) of a tensor of so many columns: 0 where it is dropped, whatever it is, else it times 1/(1 − rate).</summary>
    public float Of(float value, int row, int column, int columns)
    {
        if (_threshold == 0)
        {
            return value;
        }

        return Words.Of(row, column, columns, _seedLow, _seedHigh, _forwardCount, _site) >= _threshold ? value * _scale : 0f;
    }
}

using LargeRec.Autograd;
using LargeRec.Bench.Step;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Layers;

namespace LargeRec.Bench.Paired;

/// <summary>One layer, forward and backward, with dropout: gradients of its input and its weights.</summary>
internal sealed class LayerBothWays : IPairedJob
{
    private readonly CpuDevice _device;
    private readonly HstuLayer _layer;
    private readonly JaggedLayout _layout = new();
    private readonly Variable _x;
    private readonly Tensor _upstream;
    private uint _forwards;

    public LayerBothWays(JobSetting setting, int threads)
    {
        Floor = StepFloor.OfLayer(setting.Options, setting.Lengths);
        _device = new CpuDevice(threads);
        _layer = new HstuLayer(_device, setting.Options, "_hstu._attention_layers.0", seed: 1);
        var batch = PublishedStep.Batch(setting.Lengths, seed: 7, setting.Options.ItemRows - 1);
        _layout.Assign(batch.Offsets, batch.EventSeconds, batch.NextSeconds);
        _x = Variable.Leaf(Normal("x", batch.TokenCount, setting.Options.Width));
        _upstream = Normal("upstream", batch.TokenCount, setting.Options.Width);
    }

    public StepFloor Floor { get; }

    public void Run()
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var output = _layer.Forward(new ForwardContext(tape, Training: true, Seed: 1, ++_forwards), _x, _layout);
        tape.Backward(output, _upstream);
        _x.ClearGradient();
        foreach (var parameter in _layer.Parameters)
        {
            parameter.Variable.ClearGradient();
        }
    }

    public string? Remark() => null;

    public void Dispose() => _device.Dispose();

    private Tensor Normal(string name, int rows, int columns)
    {
        var stream = new PhiloxStream(5, name);
        var tensor = _device.AllocatePersistent(Shape.Matrix(rows, columns));
        _device.Upload([.. Enumerable.Range(0, rows * columns).Select(_ => (float)stream.NextNormal())], tensor);
        return tensor;
    }
}

using LargeRec.Engine.Memory;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Profiling;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine;

/// <summary>
/// Where tensors live and operations run. A device is an object handed down, used by one thread at a time; it owns all memory of its
/// tensors and frees it when disposed. The operations are grouped in families; each checks its arguments once, for every device.
/// </summary>
public abstract class Device : IDisposable
{
    private readonly ISlabAllocator _allocator;
    private readonly MemoryPool _pool;
    private readonly HashSet<MemoryBlock> _persistent = [];
    private StepScope? _step;
    private long _steps;
    private bool _disposed;

    private protected Device(ISlabAllocator allocator)
    {
        _allocator = allocator;
        _pool = new MemoryPool(allocator);
    }

    /// <summary>What it is, for people: "cpu (2 threads, 512-bit SIMD)".</summary>
    public abstract string Name { get; }

    public abstract ProductOperations Products { get; }

    public abstract PointwiseOperations Pointwise { get; }

    public abstract NormalizationOperations Normalization { get; }

    public abstract AttentionOperations Attention { get; }

    public abstract EmbeddingOperations Embedding { get; }

    public abstract ReductionOperations Reduction { get; }

    public abstract SamplingOperations Sampling { get; }

    public abstract LossOperations Loss { get; }

    public abstract OptimizerOperations Optimizer { get; }

    public abstract RankingOperations Ranking { get; }

    /// <summary>Is told where the time goes, while there is one.</summary>
    public StepProfile? Profile { get; set; }

    /// <summary>Is told of the arithmetic that is asked for, while there is one. What a device replays (<see cref="Repeat"/>) is not told again.</summary>
    public OperationCount? Count { get; set; }

    /// <summary>
    /// Whether gradients of tables can be kept by row here, and items ranked by their scaled rows, without a second table; else gradients are dense, and
    /// optimisers that touch used rows only cannot be had.
    /// </summary>
    public virtual bool SupportsRowGradients => false;

    /// <summary>The step that is open, if any.</summary>
    public StepScope? CurrentStep => _step;

    /// <summary>Bytes held for steps, for what outlives them, and for operations while they run.</summary>
    public long HeldBytes => _pool.HeldBytes + PersistentBytes + ScratchBytes;

    /// <summary>Bytes of tensors that outlive steps.</summary>
    public long PersistentBytes { get; private set; }

    /// <summary>The most bytes that a step had in use at once.</summary>
    public long PeakStepBytes => _pool.PeakBytes;

    /// <summary>The memory of the open step.</summary>
    private protected MemoryPool Pool => _pool;

    /// <summary>Bytes held for operations while they run.</summary>
    private protected virtual long ScratchBytes => 0;

    /// <summary>Opens a step: what is allocated from now on lives until it is disposed.</summary>
    /// <exception cref="InvalidOperationException">A step is open already.</exception>
    public StepScope BeginStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_step is not null)
        {
            throw new InvalidOperationException($"Step {_step.Number} is still open; steps do not nest. Dispose it before the next begins.");
        }

        _step = new StepScope(this, ++_steps);
        return _step;
    }

    /// <summary>A tensor of the open step, its values undefined.</summary>
    /// <exception cref="InvalidOperationException">No step is open.</exception>
    public Tensor Allocate(Shape shape)
    {
        var step = RequireStep();
        return new Tensor(this, _pool.Rent(checked(shape.Count * sizeof(float))), 0, shape, shape.Columns, step.Number);
    }

    /// <summary>An index tensor of the open step, its values undefined.</summary>
    public IndexTensor AllocateIndices(int length)
    {
        var step = RequireStep();
        return new IndexTensor(this, _pool.Rent((long)length * sizeof(int)), length, step.Number);
    }

    /// <summary>A tensor that outlives steps: a parameter, its gradient, an optimiser's state. Its values are 0.</summary>
    public Tensor AllocatePersistent(Shape shape)
    {
        var tensor = new Tensor(this, RentPersistent(checked(shape.Count * sizeof(float))), 0, shape, shape.Columns, 0);
        Pointwise.Fill(tensor, 0);
        return tensor;
    }

    /// <summary>An index tensor that outlives steps, with these values.</summary>
    public IndexTensor UploadPersistent(ReadOnlySpan<int> values)
    {
        var tensor = AllocatePersistentIndices(values.Length);
        Upload(values, tensor);
        return tensor;
    }

    /// <summary>A tensor of the open step with these values in row-major order.</summary>
    public Tensor Upload(ReadOnlySpan<float> values, Shape shape)
    {
        var tensor = Allocate(shape);
        Upload(values, tensor);
        return tensor;
    }

    /// <summary>An index tensor of the open step with these values.</summary>
    public IndexTensor Upload(ReadOnlySpan<int> values)
    {
        var tensor = AllocateIndices(values.Length);
        Upload(values, tensor);
        return tensor;
    }

    /// <summary>A way for the inputs of steps, to be used over and over.</summary>
    public virtual StepInputs NewStepInputs() => new(this);

    /// <summary>
    /// The rows that a training step of so many tokens has: on a device that records steps a few more, of no sequence
    /// (<see cref="JaggedLayout.TrailingRows"/>), so that few sizes occur and each recurs. It is a function of the tokens alone, so that the bits are the same
    /// whether a step is recorded or not.
    /// </summary>
    public virtual int PaddedRows(int tokens) => tokens;

    /// <summary>
    /// Computes what recurs: a step's gradients, its update. A device that can record launches records the second run of a key and replays it from then on;
    /// every other device calls the computation each time. The computation may launch operations, allocate in the open step and write memory that outlives
    /// steps; it may neither upload, download nor look at a value. What it allocates is gone after a replay, so its results go to memory that outlives steps.
    /// </summary>
    /// <param name="key">What decides its launches.</param>
    /// <param name="values">The numbers it uses that differ from run to run.</param>
    /// <param name="compute">The computation.</param>
    /// <param name="layout">The layout it uses, if any; replaced before each run.</param>
    /// <param name="inputs">What else it reads that is uploaded before each run, in the same order and sizes each time.</param>
    /// <returns>Whether the computation was called; where not, the device did the same, and what it does on the host is left to the caller.</returns>
    /// <exception cref="InvalidOperationException">The computation did what cannot be recorded, or the memory is not that of the recording.</exception>
    public virtual bool Repeat(in StepKey key, in StepValues values, Action compute, JaggedLayout? layout = null, params ReadOnlySpan<IndexTensor> inputs)
    {
        compute();
        return true;
    }

    /// <summary>Copies values in row-major order into a tensor.</summary>
    public abstract void Upload(ReadOnlySpan<float> values, Tensor destination);

    /// <summary>Copies values into an index tensor.</summary>
    public abstract void Upload(ReadOnlySpan<int> values, IndexTensor destination);

    /// <summary>Copies a tensor's values, in row-major order, to the host.</summary>
    public abstract void Download(Tensor source, Span<float> destination);

    /// <summary>Copies an index tensor's values to the host.</summary>
    public abstract void Download(IndexTensor source, Span<int> destination);

    /// <summary>Frees memory before its step ends, or memory that outlives steps; every view of it is dead from now on. Freeing twice does nothing.</summary>
    public void Release(DeviceArray array)
    {
        if (!array.IsAlive)
        {
            return;
        }

        if (array.Block.Position >= 0)
        {
            _pool.Return(array.Block);
        }
        else if (_persistent.Remove(array.Block))
        {
            FreePersistent(array.Block);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory of ended steps back to the system; the next step takes anew what it needs.</summary>
    /// <exception cref="InvalidOperationException">A step is open.</exception>
    public void Trim()
    {
        if (_step is not null)
        {
            throw new InvalidOperationException($"Step {_step.Number} is still open; what it holds cannot be given back.");
        }

        _pool.Trim();
    }

    internal void EndStep(StepScope step)
    {
        if (ReferenceEquals(step, _step))
        {
            _step = null;
            _pool.Reset();
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
        {
            return;
        }

        _disposed = true;
        _step = null;
        _pool.Dispose();
        foreach (var block in _persistent)
        {
            FreePersistent(block);
        }

        _persistent.Clear();
    }

    /// <summary>A tensor that outlives steps, its values undefined and its memory untouched.</summary>
    internal Tensor AllocatePersistentUndefined(Shape shape) => new(this, RentPersistent(checked(shape.Count * sizeof(float))), 0, shape, shape.Columns, 0);

    /// <summary>An index tensor that outlives steps, its values undefined.</summary>
    internal IndexTensor AllocatePersistentIndices(int length) => new(this, RentPersistent((long)length * sizeof(int)), length, 0);

    /// <summary>A tensor for the time of an operation, its values undefined; the operation releases it. Of the open step's memory where one is open.</summary>
    internal Tensor AllocateScratch(Shape shape) => _step is not null
        ? Allocate(shape)
        : new Tensor(this, RentPersistent(checked(shape.Count * sizeof(float))), 0, shape, shape.Columns, 0);

    /// <summary>An index tensor for the time of an operation, its values undefined; the operation releases it.</summary>
    internal IndexTensor AllocateScratchIndices(int length) => _step is not null
        ? AllocateIndices(length)
        : AllocatePersistentIndices(length);

    private StepScope RequireStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _step ?? throw new InvalidOperationException("No step is open: computing allocates, and what is allocated belongs to a step. Write using var "
            + "step = device.BeginStep() first.");
    }

    private MemoryBlock RentPersistent(long bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        bytes = Math.Max(64, bytes);
        var block = new MemoryBlock { Slab = _allocator.AllocatePersistent(bytes), Bytes = bytes };
        _persistent.Add(block);
        PersistentBytes += bytes;
        return block;
    }

    private void FreePersistent(MemoryBlock block)
    {
        block.Generation++;
        _allocator.Free(block.Slab, block.Bytes);
        PersistentBytes -= block.Bytes;
    }
}

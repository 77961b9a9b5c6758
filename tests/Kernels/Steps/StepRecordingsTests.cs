using LargeRec.Engine.Gpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Steps;

/// <summary>When a computation is recorded, what ends a recording, and what is refused.</summary>
public sealed class StepRecordingsTests
{
    private readonly IlgpuKernelSource _source = new();
    private RecordingDriver _driver = null!;
    private GpuDevice _device = null!;
    private Tensor _sum = null!;
    private Tensor _numbers = null!;

    [SetUp]
    public void Start()
    {
        _driver = new RecordingDriver(new InterpretedDriver());
        _device = new GpuDevice(_driver, _source);
        _sum = _device.AllocatePersistent(Shape.Vector(3));
        _numbers = Persistent(Shape.Matrix(8, 3), [.. Enumerable.Range(0, 24).Select(i => (float)(i / 3))]);
    }

    [TearDown]
    public void Stop()
    {
        _device.Dispose();
        _driver.Dispose();
        Assert.That(_driver.Recordings, Is.Zero, "recordings that were not ended");
    }

    [Test]
    public void The_first_run_is_launched_the_second_recorded_and_all_later_ones_replayed()
    {
        var calls = 0;
        for (var run = 1; run <= 5; run++)
        {
            var launches = _driver.Launches;
            var called = Add(run, () => calls++);
            Assert.That((called, calls), Is.EqualTo((run <= 2, Math.Min(run, 2))), $"run {run}");
            Assert.That(_driver.Launches - launches, run == 1 ? Is.GreaterThan(0) : Is.Zero, $"run {run}");
        }

        Assert.That(_sum.ToArray(), Is.EqualTo(new[] { 15f, 15f, 15f }), "1 + 2 + 3 + 4 + 5");
        Assert.That((_device.Recordings.Count, _device.Recordings.Replays), Is.EqualTo((1, 4L)));
    }

    [Test]
    public void The_32_used_last_are_kept()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var size = 1; size <= 32; size++)
            {
                Add(1, key: size);
            }
        }

        Assert.That(_driver.Recordings, Is.EqualTo(32));
        Add(1, key: 1);
        Add(1, key: 33);
        Assert.That(_driver.Recordings, Is.EqualTo(31), "key 2 is gone for key 33, which is not recorded yet");
        Assert.That(Add(1, key: 1), Is.False);
        Assert.That(Add(1, key: 2), Is.True, "and made key 3 go");
        Assert.That(Add(1, key: 33), Is.True);
        Assert.That(_driver.Recordings, Is.EqualTo(31));
        Assert.That(_sum.ToArray()[0], Is.EqualTo(69), "all were done");
    }

    [Test]
    public void Owners_have_recordings_of_their_own()
    {
        var other = _device.AllocatePersistent(Shape.Vector(3));
        for (var run = 0; run < 4; run++)
        {
            Add(1);
            _device.Repeat(new StepKey(other), default, () => _device.Pointwise.Fill(other, 7));
        }

        Assert.That((_sum.ToArray()[0], other.ToArray()[0]), Is.EqualTo((4f, 7f)));
    }

    [Test]
    public void A_pool_that_grew_ends_recordings_and_they_come_back()
    {
        Add(1);
        Add(2);
        Assert.That(_device.Recordings.Count, Is.EqualTo(1));
        using (_device.BeginStep())
        {
            // More than the pool has: the recording's slab becomes part of a larger one when the step ends.
            _device.Allocate(Shape.Matrix(1 << 10, 1 << 9));
        }

        Assert.That(_device.Recordings.Count, Is.Zero);
        Assert.That(new[] { Add(3), Add(4), Add(5) }, Is.EqualTo(new[] { true, true, false }), "launched, recorded, replayed");
        Assert.That(_sum.ToArray()[0], Is.EqualTo(15));
    }

    [Test]
    public void A_run_that_made_the_pool_grow_is_followed_by_one_more_that_is_not_recorded()
    {
        void Large() => _device.Pointwise.Fill(_device.Allocate(Shape.Matrix(1 << 10, 1 << 9)), 1);
        foreach (var replays in new[] { 0, 0, 1, 2 })
        {
            using var step = _device.BeginStep();
            _device.Repeat(new StepKey(this), default, Large);
            Assert.That(_device.Recordings.Replays, Is.EqualTo(replays));
        }
    }

    [Test]
    public void Memory_that_outlives_steps_ends_the_recordings_that_touch_it_and_no_other()
    {
        var gone = _device.AllocatePersistent(Shape.Vector(3));
        for (var run = 0; run < 2; run++)
        {
            Add(1);
            _device.Repeat(new StepKey(gone), default, () => _device.Pointwise.Fill(gone, 7));
        }

        Assert.That(_device.Recordings.Count, Is.EqualTo(2));
        _device.Release(gone);
        Assert.That((_device.Recordings.Count, _driver.Recordings), Is.EqualTo((1, 1)));
        Assert.That(Add(1), Is.False);
    }

    [Test]
    public void Ids_are_checked_at_a_replay_in_the_same_words()
    {
        var table = Persistent(Shape.Matrix(4, 2), 0, 0, 1, 2, 3, 4, 5, 6);
        var output = _device.AllocatePersistent(Shape.Matrix(2, 2));
        Gather(1, 3);
        Gather(0, 2);
        Gather(3, 1);
        Assert.That(output.ToArray(), Is.EqualTo(new[] { 5f, 6, 1, 2 }));
        Assert.That(_device.Recordings.Replays, Is.EqualTo(2));
        Assert.That(() => Gather(3, 4), Throws.ArgumentException.With.Message.EqualTo(
            "gather rows: row 4 at position 1 is not in a table of 4 rows; each must be from 0 to 3"));
        Assert.That(output.ToArray()[0], Is.EqualTo(5), "nothing was done");
        Gather(2, 2);
        Assert.That(output.ToArray(), Is.EqualTo(new[] { 3f, 4, 3, 4 }));

        void Gather(params int[] rows)
        {
            using var step = _device.BeginStep();
            var uploaded = _device.Upload(rows);
            _device.Repeat(new StepKey(this), default, () => _device.Embedding.GatherRows(table, uploaded, output), null, uploaded);
        }
    }

    [Test]
    public void Another_place_or_size_of_what_is_read_is_refused()
    {
        const string Refusal = "a step finds other memory than when it was recorded";
        Add(1);
        Add(1);
        Assert.That(() => Add(1, before: () => _device.Allocate(Shape.Vector(1))), Throws.InvalidOperationException.With.Message.StartsWith(Refusal));
        Assert.That(() => Add(1, length: 17), Throws.InvalidOperationException.With.Message.StartsWith(Refusal));
        Assert.That(Add(1), Is.False, "the recording is as it was");
        Assert.That(_sum.ToArray()[0], Is.EqualTo(3));
    }

    [Test]
    public void What_cannot_be_recorded_is_refused_when_it_is_to_be_and_leaves_nothing()
    {
        Refuses(() => _sum.ToArray(), "values are copied from the device");
        Refuses(() => _device.Upload(new float[3], _sum), "values are copied to the device");
        Refuses(() => _device.AllocatePersistent(Shape.Scalar), "memory is allocated");
        Assert.That(_driver.Recordings, Is.Zero);

        void Refuses(Action action, string what)
        {
            action();
            var key = new StepKey(new object());
            Assert.That(_device.Repeat(key, default, action), Is.True);
            Assert.That(() => _device.Repeat(key, default, action),
                Throws.InvalidOperationException.With.Message.Contains($"{what} while launches are recorded"));
            Assert.That(_device.Repeat(key, default, action), Is.True, "from the beginning");
        }
    }

    [Test]
    public void A_number_that_was_not_said_before_is_refused()
    {
        var count = 0u;
        var x = _device.AllocatePersistent(Shape.Vector(8));
        void Drop() => _device.Pointwise.Dropout(x, new DropoutSite(0.5f, 1, ++count, 2), x);
        _device.Repeat(new StepKey(this), default, Drop);
        Assert.That(() => _device.Repeat(new StepKey(this), default, Drop),
            Throws.InvalidOperationException.With.Message.Contains("values are copied to the device"));
    }

    /// <summary>sum += value, the value being a row of numbers, so that it differs at each replay.</summary>
    private bool Add(int value, Action? during = null, int key = 0, Action? before = null, int length = 16)
    {
        using var step = _device.BeginStep();
        before?.Invoke();
        var ids = _device.Upload(Enumerable.Repeat(value, length).ToArray());
        return _device.Repeat(new StepKey(this, key), default, Compute, null, ids);

        void Compute()
        {
            during?.Invoke();
            var rows = _device.Allocate(Shape.Matrix(length, 3));
            _device.Embedding.GatherRows(_numbers, ids, rows);
            _device.Pointwise.Add(rows.SliceRows(length - 1, 1), _sum);
        }
    }

    private Tensor Persistent(Shape shape, params float[] values)
    {
        var tensor = _device.AllocatePersistent(shape);
        _device.Upload(values, tensor);
        return tensor;
    }
}

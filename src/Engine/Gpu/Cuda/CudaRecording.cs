using LargeRec.Engine.Gpu.Driver;

namespace LargeRec.Engine.Gpu.Cuda;

/// <summary>A graph of launches, captured from the kernels' stream.</summary>
internal sealed class CudaRecording(CudaDriver driver, nint executable) : KernelRecording
{
    private nint _executable = executable;

    public override void Replay()
    {
        ObjectDisposedException.ThrowIf(_executable == 0, this);
        driver.Replay(_executable);
    }

    public override void Dispose()
    {
        if (_executable != 0)
        {
            driver.Forget(this, _executable);
            _executable = 0;
        }
    }
}

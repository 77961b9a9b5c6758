using System.Runtime.InteropServices;
using LargeRec.Engine.Gpu.OpenCl;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>What OpenCL itself counts of references to a context.</summary>
internal static unsafe partial class OpenClReferences
{
    private const string Library = "OpenCL";
    private const uint ContextReferenceCount = 0x1080;

    static OpenClReferences() => NativeLibrary.SetDllImportResolver(
        typeof(OpenClReferences).Assembly,
        (name, _, _) => name == Library && NativeLibrary.TryLoad("libOpenCL.so.1", out var handle) ? handle : 0);

    public static uint Count(nint context)
    {
        uint count;
        OpenClApi.Check(GetContextInfo(context, ContextReferenceCount, sizeof(uint), &count, null), "clGetContextInfo");
        return count;
    }

    public static void Retain(nint context) => OpenClApi.Check(RetainContext(context), "clRetainContext");

    public static void Release(nint context) => OpenClApi.Check(ReleaseContext(context), "clReleaseContext");

    [LibraryImport(Library, EntryPoint = "clGetContextInfo")]
    private static partial int GetContextInfo(nint context, uint property, nuint size, void* value, nuint* written);

    [LibraryImport(Library, EntryPoint = "clRetainContext")]
    private static partial int RetainContext(nint context);

    [LibraryImport(Library, EntryPoint = "clReleaseContext")]
    private static partial int ReleaseContext(nint context);
}

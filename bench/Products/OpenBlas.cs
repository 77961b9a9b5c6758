using System.Runtime.InteropServices;

namespace LargeRec.Bench.Products;

/// <summary>The peer: OpenBLAS's single-precision product, where it is installed.</summary>
internal static unsafe partial class OpenBlas
{
    private const int RowMajor = 101;
    private const int NotTransposed = 111;
    private const int Transposed = 112;

    /// <summary>Lets OpenBLAS choose its kernels by the processor, whatever the environment says. To be called before its first use.</summary>
    public static bool TryStart()
    {
        UnsetEnvironment("OPENBLAS_CORETYPE");
        return NativeLibrary.TryLoad("libopenblas.so.0", out _);
    }

    public static string CoreName() => Marshal.PtrToStringUTF8(CoreNamePointer()) ?? "unknown";

    [LibraryImport("libopenblas.so.0", EntryPoint = "openblas_set_num_threads")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void SetThreads(int threads);

    /// <summary>result [rows, columns] = left·right, dense row-major operands.</summary>
    public static void Multiply(in ProductShape shape, float* left, float* right, float* result) => Sgemm(
        RowMajor,
        shape.TransposeLeft ? Transposed : NotTransposed,
        shape.TransposeRight ? Transposed : NotTransposed,
        shape.Rows,
        shape.Columns,
        shape.Depth,
        1f,
        left,
        shape.TransposeLeft ? shape.Rows : shape.Depth,
        right,
        shape.TransposeRight ? shape.Depth : shape.Columns,
        0f,
        result,
        shape.Columns);

    [LibraryImport("libopenblas.so.0", EntryPoint = "cblas_sgemm")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Sgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport("libopenblas.so.0", EntryPoint = "openblas_get_corename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint CoreNamePointer();

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnsetEnvironment(string name);
}

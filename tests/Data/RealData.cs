namespace LargeRec.Data.Tests;

/// <summary>The folder of real data sets, for tests that need one.</summary>
internal static class RealData
{
    public static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("LARGEREC_DATA");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore("LARGEREC_DATA is not set: it names the folder that has ml-100k and ml-1m");
        }

        return folder!;
    }
}

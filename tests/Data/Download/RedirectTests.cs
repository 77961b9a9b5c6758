using System.Net;
using LargeRec.Data.Download;

namespace LargeRec.Data.Tests.Download;

/// <summary>Where servers may send a download on to.</summary>
public sealed class RedirectTests
{
    private static readonly byte[] Data = Archives.Noise(1000);

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task From_http_to_http_is_followed(int status)
    {
        using var folder = new TemporaryFolder();
        using var target = new FileServer(Data, "moved.csv");
        using var server = new FileServer([], "data.csv");
        server.Then(ServerPlan.Answer(status, $"Location: {target.Address}\r\n"));
        await Downloads.Dataset(server, Data).RunAsync(folder);
        Assert.That(File.ReadAllBytes(folder[$"{Downloads.Name}/data.csv"]), Is.EqualTo(Data));
    }

    [Test]
    public async Task A_relative_address_is_of_the_same_server()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(Data, "data.csv");
        server.Then(ServerPlan.Answer(302, "Location: /elsewhere\r\n"));
        await Downloads.Dataset(server, Data).RunAsync(folder);
        Assert.That(server.Requests[1], Does.StartWith("GET /elsewhere "));
    }

    [TestCase("https://example.org/data.csv", "http://example.org/data.csv")]
    [TestCase("https://example.org/data.csv", "file:///etc/passwd")]
    [TestCase("http://example.org/data.csv", "ftp://example.org/data.csv")]
    public void What_would_be_less_safe_is_refused(string from, string to)
    {
        using var folder = new TemporaryFolder();
        using var handler = new Redirecting(to);
        Assert.That(
            () => Downloads.Dataset(new Uri(from), Data, "data.csv").RunAsync(folder, handler: handler),
            Throws.TypeOf<DownloadException>().With.Message.Contains($"redirects from {new Uri(from).Scheme} to {new Uri(to).Scheme}://")
            .And.Message.Contains("refused"));
        Assert.That(handler.Asked, Is.EqualTo(1));
        Assert.That(folder.Entries, Is.Empty);
    }

    [Test]
    public void From_http_to_https_is_followed()
    {
        using var folder = new TemporaryFolder();
        using var handler = new Redirecting("https://example.org/data.csv");
        Assert.That(
            () => Downloads.Dataset(new Uri("http://example.org/data.csv"), Data, "data.csv").RunAsync(folder, handler: handler),
            Throws.TypeOf<DownloadException>().With.Message.Contains("redirected more than 5 times"));
        Assert.That(handler.Asked, Is.EqualTo(6));
    }

    [Test]
    public void A_redirection_to_nowhere_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(Data, "data.csv");
        server.Then(ServerPlan.Answer(302));
        Assert.That(() => Downloads.Dataset(server, Data).RunAsync(folder), Throws.TypeOf<DownloadException>().With.Message.Contains("without saying where"));
    }

    private sealed class Redirecting(string to) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            var response = new HttpResponseMessage(HttpStatusCode.Found);
            response.Headers.Location = new Uri(to);
            return Task.FromResult(response);
        }
    }
}

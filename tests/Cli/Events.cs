using System.Text;

namespace LargeRec.Cli.Tests;

/// <summary>Small logs of events as files, and the settings that train on them in a moment.</summary>
internal static class Events
{
    /// <summary>Overrides that make the default training tiny.</summary>
    public static string[] Tiny { get; } = ["--set", "data.generator.users=200", "--set", "data.generator.items=100", "--epochs", "2"];

    /// <summary>Overrides that make any model tiny.</summary>
    public static string[] TinyModel { get; } =
        ["--epochs", "1", "--set", "model.layers=1", "--set", "model.width=8", "--set", "model.heads=1", "--set", "model.dqk=8", "--set", "model.dv=8"];

    /// <summary>A CSV of users who go round the items, each from a place of its own.</summary>
    /// <param name="header">Names of the columns.</param>
    /// <param name="row">The row of user, item and number of the event; users from 0, items from 0, numbers from 0.</param>
    public static string Csv(string header, Func<int, int, int, string> row, int users = 20, int items = 12, int length = 8)
    {
        var text = new StringBuilder(header).Append('\n');
        for (var user = 0; user < users; user++)
        {
            for (var i = 0; i < length; i++)
            {
                text.Append(row(user, (user + i) % items, i)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>user,item,timestamp with ids of text.</summary>
    public static string Usual(int users = 20, int length = 8) =>
        Csv("user,item,timestamp", (user, item, i) => $"anna-{user},tea {item},{1_600_000_000 + (3600 * i)}", users, length: length);
}

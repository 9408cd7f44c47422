using System.CommandLine;

namespace EventArchive.Service;

public static class ServeVerb
{
    public static Command Create()
    {
        var exitWithParent = new Option<bool>("--exit-with-parent") { Description = "Stop when standard input closes" };
        var serve = new Command("serve", "Run the service; settings come from appsettings.json and EVENTARCHIVE_… variables")
        {
            exitWithParent,
        };
        serve.SetAction((parsed, cancellation) => Serve.Run([], parsed.GetValue(exitWithParent), cancellation));
        return serve;
    }
}

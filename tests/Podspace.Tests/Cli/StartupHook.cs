#pragma warning disable CA1050 // The runtime looks for this very name, in no namespace.
/// <summary>Run by the runtime before <c>Main</c> in a process that names this assembly in DOTNET_STARTUP_HOOKS:
/// another thread throws while a command is on its way.</summary>
internal static class StartupHook
{
    public const string Secret = "aws_secret_access_key=PLANTED";

    public static void Initialize() =>
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name != "Podspace.Simulation")
            {
                return;
            }
            var thread = new Thread(() => throw new InvalidOperationException(Secret));
            thread.Start();
            thread.Join();
        };
}

using Podspace.Cli;

// Also on other threads, and before the command line is there: the runtime would print the message, whatever stands in it.
AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
    Environment.Exit(CommandLine.Broken(Console.Error, (Exception)thrown.ExceptionObject));

return await CommandLine.RunAsync(args, Terminal.Process());

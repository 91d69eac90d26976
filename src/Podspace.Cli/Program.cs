using Podspace.Cli;

return await CommandLine.RunAsync(args, Terminal.Process());

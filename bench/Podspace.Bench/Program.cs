using Podspace.Bench;

// Arguments: the checkout, then the parts to measure (none: all, and the figures are written).
var checkout = args[0];
string[] parts = args.Length > 1 ? args[1..] : ["start", "plan", "apply", "calls", "traces", "doctor", "forecast", "load"];
using var folder = new Scratch();
var podspace = new Checkout(checkout);
var lines = new List<string>();
foreach (var part in parts)
{
    Console.Error.WriteLine($"{part} …");
    lines.AddRange(
        part switch
        {
            "start" => StartBench.Run(podspace),
            "plan" => PlanBench.Run(podspace, folder),
            "apply" => ApplyBench.Run(podspace, folder),
            "calls" => await CallsBench.RunAsync(podspace, folder),
            "traces" => TraceBench.Run(),
            "doctor" => DoctorBench.Run(),
            "forecast" => ForecastBench.Run(),
            "load" => LoadBench.Run(podspace, folder),
            _ => throw new ArgumentException($"There is no part \"{part}\": start, plan, apply, calls, traces, doctor, forecast or load."),
        }
    );
}
var figures = Figures.Text(podspace, lines);
Console.Write(figures);
if (args.Length == 1)
{
    Figures.Write(Path.Combine(checkout, "bench", "README.md"), figures);
}

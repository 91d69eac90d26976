using System.Text.Json;

namespace Podspace.Bench;

/// <summary>The longest chain of calls each of which needs the answer of the one before; nothing that
/// keeps the promises of <c>apply</c> can be quicker.</summary>
/// <param name="Waits">Milliseconds that the twin itself takes on that chain, beyond its answers: a block
/// to associate, a subnet to become available, an update to end.</param>
internal sealed record CriticalPath(int Calls, int Waits)
{
    // Before the steps. Look: node groups' names, a node group, its instance types (3), then the
    // cluster (1), whose address EKS said. Ask for the rights (1).
    // The Lease: read, take (2). Look again, both doors at once (3). After them: the Lease goes (1).
    private const int Around = 3 + 1 + 1 + 2 + 3 + 1;

    // The world's own times: Ec2Blocks, Ec2Subnets and Eks in the simulation. The look that sees
    // the end can be under way meanwhile, so it counts no call.
    private static CriticalPath Step(string kind) =>
        kind switch
        {
            "block" => new(1, 400),
            "subnet" => new(1, 200),
            // The record, whether another update is under way, the update, aws-node's state.
            "add-on" => new(4, 300),
            _ => new(1, 0),
        };

    public double Milliseconds(int delay) => (Calls * delay) + Waits;

    /// <param name="plan">Of <c>podspace plan -o json</c>.</param>
    public static CriticalPath Of(string plan)
    {
        var ends = new Dictionary<string, CriticalPath>();
        foreach (var step in JsonDocument.Parse(plan).RootElement.GetProperty("steps").EnumerateArray().Where(IsMeasured))
        {
            var before = Longest(step.GetProperty("after").EnumerateArray().Select(id => ends[id.GetString()!]));
            ends[step.GetProperty("id").GetString()!] = before + Step(step.GetProperty("kind").GetString()!);
        }
        return Longest(ends.Values) + new CriticalPath(Around, 0);
    }

    public static CriticalPath operator +(CriticalPath one, CriticalPath other) => new(one.Calls + other.Calls, one.Waits + other.Waits);

    private static bool IsMeasured(JsonElement step) => step.GetProperty("stage").GetString() is "network" or "admit";

    private static CriticalPath Longest(IEnumerable<CriticalPath> paths) => paths.MaxBy(path => path.Milliseconds(50)) ?? new(0, 0);
}

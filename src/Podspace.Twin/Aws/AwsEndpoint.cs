using System.Collections.Concurrent;
using Podspace.Simulation;
using Podspace.Twin.Eks;

namespace Podspace.Twin.Aws;

/// <param name="Service">ec2, sts, autoscaling, sso, servicequotas, ram or eks.</param>
/// <param name="Operation">Its name; for EKS, which has none on the wire, method and path.</param>
/// <param name="IsWrite">It may have changed something. Refused calls are in the log too.</param>
public sealed record AwsCall(string Service, string Operation, bool IsWrite)
{
    /// <summary>The caller's.</summary>
    public string Account { get; init; } = "";
}

/// <summary>All of AWS behind one endpoint: EC2, STS and Auto Scaling by the version a request names, Service Quotas by its target
/// header, RAM and EKS by their paths. Whose account a call comes from, its signature says.</summary>
public sealed class AwsEndpoint : IEndpoint
{
    private const string Xml = "text/xml;charset=UTF-8";

    // A server may run for weeks; its log need not.
    private const int MostCalls = 100_000;

    private readonly Ec2Endpoint ec2;
    private readonly StsEndpoint sts;
    private readonly ScalingEndpoint scaling;
    private readonly QuotasEndpoint quotas;
    private readonly RamEndpoint ram;
    private readonly EksEndpoint eks;
    private readonly ConcurrentQueue<AwsCall> calls = new();
    private int requests;

    public AwsEndpoint(World world)
        : this(world, null) { }

    private AwsEndpoint(World world, StsEndpoint? issuer)
    {
        ec2 = new(world);
        sts = new(world, issuer);
        scaling = new(world);
        quotas = new(world);
        ram = new(world);
        eks = new(world);
    }

    /// <summary>The same endpoint before another world, to which callers are who they are here.</summary>
    internal AwsEndpoint Before(World other) => new(other, sts);

    /// <summary>The calls so far in the order in which they came; the oldest are forgotten after a hundred thousand.</summary>
    public IReadOnlyList<AwsCall> Calls => [.. calls];

    public void ForgetCalls() => calls.Clear();

    public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel)
    {
        if (request.Header("x-amz-target") is { Length: > 0 } target)
        {
            Note(new("servicequotas", target.Split('.')[^1], false) { Account = sts.AccountOf(request) });
            return Task.FromResult(quotas.Handle(target, request.Body, NextRequestId()));
        }
        if (request.Path == StsEndpoint.SsoPath)
        {
            Note(new("sso", "GetRoleCredentials", false));
            return Task.FromResult(sts.RoleCredentials(request));
        }
        if (request.Path is "/" or "")
        {
            return Task.FromResult(HandleQuery(request));
        }
        if (RamEndpoint.NameOf(request.Method, request.Path) is { } operation)
        {
            var owner = sts.AccountOf(request);
            Note(new("ram", operation, RamEndpoint.Writes(operation)) { Account = owner });
            return Task.FromResult(ram.Handle(request, owner, NextRequestId()));
        }
        Note(new("eks", $"{request.Method} {request.Path}", request.Method != "GET") { Account = sts.AccountOf(request) });
        return eks.HandleAsync(request, cancel);
    }

    private TwinResponse HandleQuery(TwinRequest request)
    {
        var query = request.Method == "GET" ? Query.Parse(request.Query) : Query.Parse(request.Body.Span);
        var action = query.Text("Action") ?? "";
        var id = NextRequestId();
        var (service, caller) = (ServiceOf(query), sts.AccountOf(request));
        Note(new(service, action, service == "ec2" && Ec2Endpoint.Writes(action)) { Account = caller });
        var (status, answer) = service switch
        {
            "sts" => sts.Handle(request, query, id),
            "autoscaling" => scaling.Handle(query, id),
            _ => ec2.Handle(query, caller, id),
        };
        return new(status, Xml, answer.ToBytes()) { Headers = [("x-amzn-RequestId", id)] };
    }

    /// <summary>Of the Query protocol: each service has a version of its own.</summary>
    internal static string ServiceOf(Query query) =>
        query.Text("Version") switch
        {
            StsEndpoint.Version => "sts",
            ScalingEndpoint.Version => "autoscaling",
            _ => "ec2",
        };

    private void Note(AwsCall call)
    {
        calls.Enqueue(call);
        if (calls.Count > MostCalls)
        {
            calls.TryDequeue(out _);
        }
    }

    /// <summary>In the form of AWS's, but counted, so that a run can be repeated.</summary>
    private string NextRequestId() => $"00000000-0000-4000-8000-{Interlocked.Increment(ref requests):x12}";
}

using System.Text;
using Podspace.Simulation.Faults;
using Podspace.Simulation.Kubernetes;
using Podspace.Twin.Aws;
using Podspace.Twin.Eks;
using Podspace.Twin.Kubernetes;

namespace Podspace.Twin.Faults;

/// <summary>Requests as the rules of a faults file speak of them.</summary>
internal static class CallNames
{
    // What differs between two askings of the same thing.
    private static readonly string[] Chance = ["ClientToken", "Action", "Version"];

    public static FaultCall OfAws(TwinRequest request)
    {
        if (RamEndpoint.NameOf(request.Method, request.Path) is { } sharing)
        {
            return new("ram", sharing, RamEndpoint.Writes(sharing), $"{request.Query}{Encoding.UTF8.GetString(request.Body.Span)}");
        }
        if (request.Path is not ("/" or ""))
        {
            var operation = EksOperations.NameOf(request.Method, request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries));
            return new("eks", operation, request.Method != "GET", $"{request.Path}?{request.Query}");
        }
        if (request.Header("x-amz-target") is { Length: > 0 } target)
        {
            return new("servicequotas", target.Split('.')[^1], false, Encoding.UTF8.GetString(request.Body.Span));
        }
        var query = request.Method == "GET" ? Query.Parse(request.Query) : Query.Parse(request.Body.Span);
        var action = query.Text("Action") ?? "";
        return AwsEndpoint.ServiceOf(query) switch
        {
            "sts" => new("sts", action, false, ""),
            "autoscaling" => new("autoscaling", action, false, Subject(query)),
            _ => new("ec2", action, Ec2Endpoint.Writes(action) && !query.Flag("DryRun"), Subject(query)),
        };
    }

    public static FaultCall OfKubernetes(TwinRequest request)
    {
        var read = new KubeRequest(request);
        var (verb, resource) = read.Target is { } target ? (read.Verb, ResourceOf(target)) : ("get", "discovery");
        var isWrite = verb is not ("get" or "list" or "watch") && resource != "selfsubjectaccessreviews.authorization.k8s.io";
        // Who asks for a right says which in the body alone.
        return new(
            "kubernetes",
            $"{verb} {resource}",
            isWrite,
            isWrite ? request.Path : $"{request.Path} {Encoding.UTF8.GetString(request.Body.Span)}"
        );
    }

    private static string ResourceOf(Target target) =>
        target.Subresource.Length == 0 ? target.Kind.Resource : $"{target.Kind.Resource}/{target.Subresource}";

    private static string Subject(Query query) =>
        string.Join('&', query.Names.Where(name => !Chance.Contains(name)).Select(name => $"{name}={Written(query.Below(name)!)}"));

    private static string Written(Query query) =>
        query.Value ?? $"({string.Join(',', query.Names.Select(name => $"{name}={Written(query.Below(name)!)}"))})";
}

using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>What a flow of the fixed set is about.</summary>
public enum Concern
{
    /// <summary>Pods and the API server.</summary>
    ApiServer,
    Dns,
    Kubelet,

    /// <summary>The API server and pods: webhooks, aggregated APIs.</summary>
    Webhooks,

    /// <summary>Nodes and pods on other nodes.</summary>
    FromNodes,
    BetweenPods,
    LoadBalancer,
    Endpoint,
    Server,
    OnPremises,
    Internet,
}

/// <summary>One question of the fixed set.</summary>
/// <param name="Key">The same for the same question about other pods.</param>
public sealed record EssentialFlow(Concern Concern, string Key, End From, End To, Protocol Protocol, int Port)
{
    /// <summary>Reports whether no cluster lives without it.</summary>
    public bool IsVital =>
        Concern is Concern.ApiServer or Concern.Dns or Concern.Kubelet or Concern.Webhooks or Concern.FromNodes or Concern.BetweenPods;

    public string Service => Protocol == Protocol.Icmp ? "icmp" : $"{Protocol.ToString().ToLowerInvariant()}/{Port}";

    public override string ToString() => $"{From.Name} → {To.Name} {Service}";
}

public sealed record FlowResult(EssentialFlow Question, Trace Trace);

/// <summary>The flows that every cluster needs or is likely to have, asked of an inventory.</summary>
public sealed class EssentialFlows
{
    // What the API server calls in pods has no usual port; the controller runtime's is the most
    // common. Source: kubernetes-sigs/controller-runtime, pkg/webhook.
    private const int WebhookPort = 9443;
    private const int PodPort = 8080;

    internal const string RunningPods = "pods";
    private const string NewPods = "new pods";

    /// <summary>So the description of a load balancer's interface begins.</summary>
    private const string LoadBalancer = "ELB ";

    private readonly Tracer tracer;
    private readonly Inventory inventory;
    private readonly Ends ends;
    private readonly List<End> pods = [];
    private readonly List<FlowResult> answers = [];

    private EssentialFlows(Tracer tracer)
    {
        this.tracer = tracer;
        inventory = tracer.Inventory;
        ends = new(inventory);
        Take(pods, ends.PodsIn(null) with { Name = RunningPods });
        Take(pods, ends.NewPodsIn(null) with { Name = NewPods });
    }

    /// <param name="inventory">As it was read; new nodes are added here.</param>
    public static EquatableArray<FlowResult> Ask(Inventory inventory) => Ask(Tracer.Of(NewNodes.In(inventory)));

    /// <param name="tracer">Of an inventory that new nodes were added to.</param>
    public static EquatableArray<FlowResult> Ask(Tracer tracer) => new EssentialFlows(tracer).Ask();

    private EquatableArray<FlowResult> Ask()
    {
        var nodes = ends.NodesIn(null) with { Name = "nodes" };
        var api = ends.Api() with { Name = "API server" };
        var dns = ends.Find("dns")! with { Name = "cluster DNS" };
        foreach (var pod in pods)
        {
            Add(Concern.ApiServer, "api", pod, api, Protocol.Tcp, 443);
            Add(Concern.Dns, "dns", pod, dns, Protocol.Udp, 53);
            Add(Concern.Kubelet, "kubelet", pod, nodes, Protocol.Tcp, 10250);
            Add(Concern.Webhooks, "webhooks", api, pod, Protocol.Tcp, WebhookPort);
            Add(Concern.FromNodes, "from-nodes", nodes, pod, Protocol.Tcp, PodPort);
            foreach (var other in pods)
            {
                Add(Concern.BetweenPods, "pods", pod, other, Protocol.Tcp, PodPort);
            }
        }
        AddWebhooks(api);
        var servers = FrontsAndServers().ToList();
        AddFronts(servers, nodes);
        AddServers(servers, nodes);
        foreach (var pod in pods)
        {
            Add(Concern.OnPremises, "onprem", pod, ends.OnPremises() with { Name = "on-premises" }, Protocol.Tcp, 443);
            Add(Concern.Internet, "internet", pod, Ends.Internet with { Name = "Internet" }, Protocol.Tcp, 443);
        }
        return answers.ToEquatable();
    }

    /// <summary>Of the webhooks that there are the pods behind them, and their ports on pods
    /// that start now: there they will stand next.</summary>
    private void AddWebhooks(End api)
    {
        var ports = new HashSet<int>();
        foreach (var webhook in (inventory.Cluster?.Webhooks ?? []).DistinctBy(seen => (seen.Namespace, seen.Service, seen.Port)))
        {
            if (
                inventory.Cluster!.ClusterIps.FirstOrDefault(seen => seen.Namespace == webhook.Namespace && seen.Name == webhook.Service) is
                { } service
            )
            {
                // A port that the pods name themselves is taken for the usual one.
                var port = service.Ports.FirstOrDefault(seen => seen.Port == webhook.Port)?.TargetPort ?? WebhookPort;
                var behind = inventory
                    .Cluster.Pods.Where(pod => pod is { Address: not null, Phase: "Running", IsTerminating: false } && service.Selects(pod))
                    .Select(pod => pod.Address!.Value)
                    .ToEquatable();
                Add(
                    Concern.Webhooks,
                    $"webhook {webhook.Namespace}/{webhook.Service}:{port}",
                    api,
                    new($"webhook {webhook.Namespace}/{webhook.Service}", behind, (Protocol.Tcp, port)),
                    Protocol.Tcp,
                    port
                );
                ports.Add(port);
            }
        }
        foreach (var port in ports.Where(port => port != WebhookPort).Order())
        {
            pods.ForEach(pod => Add(Concern.Webhooks, $"webhooks:{port}", api, pod, Protocol.Tcp, port));
        }
    }

    private void AddFronts(List<(Concern Concern, End End, EquatableArray<int> Ports)> servers, End nodes)
    {
        foreach (var front in servers.Where(server => server.Concern == Concern.LoadBalancer))
        {
            foreach (var (service, port) in NodePorts(front.End))
            {
                Add(
                    Concern.LoadBalancer,
                    $"{front.End.Name}:{port.NodePort}",
                    front.End,
                    service.KeepsClients ? With(service) : nodes,
                    port.Protocol == "UDP" ? Protocol.Udp : Protocol.Tcp,
                    port.NodePort
                );
            }
            foreach (var pod in pods)
            {
                Add(Concern.LoadBalancer, front.End.Name, front.End, pod, Protocol.Tcp, PortFor(front.End, pod));
            }
        }
    }

    /// <summary>Of the Services that this load balancer serves by the nodes' ports.</summary>
    private IEnumerable<(SeenClusterIp Service, SeenClusterPort Port)> NodePorts(End front)
    {
        // "load balancer net/NAME/ID"; its DNS name begins with NAME-. Source: Elastic Load Balancing, "DNS name".
        var name = front.Name.Split(' ')[^1].Split('/') is [_, var middle, _] ? middle : front.Name.Split(' ')[^1];
        return (inventory.Cluster?.ClusterIps ?? [])
            .Where(service => service.UsesNodePorts && service.LoadBalancer.StartsWith(name + "-", StringComparison.Ordinal))
            .SelectMany(service =>
                service.Ports.Where(port => port is { NodePort: > 0, Protocol: "TCP" or "UDP" }).Select(port => (service, port))
            );
    }

    /// <summary>Nodes on which a pod of it is: with externalTrafficPolicy Local the others fail their health check and are
    /// sent nothing. Source: Kubernetes, "Create an External Load Balancer".</summary>
    private End With(SeenClusterIp service)
    {
        var there = inventory.Cluster!.Pods.Where(pod => pod.IsReady && service.Selects(pod)).Select(pod => pod.Node).ToHashSet();
        return new(
            "nodes",
            inventory
                .Cluster.Nodes.Where(node => there.Contains(node.Name) && node.InternalAddress is not null)
                .Select(node => node.InternalAddress!.Value)
                .ToEquatable(),
            (Protocol.Tcp, 10250)
        );
    }

    /// <summary>Servers that admit nodes: what was never meant for the cluster is none of its business.</summary>
    private void AddServers(List<(Concern Concern, End End, EquatableArray<int> Ports)> servers, End nodes)
    {
        foreach (var (concern, server, ports) in servers.Where(server => server.Concern != Concern.LoadBalancer))
        {
            foreach (var port in ports)
            {
                var fromNodes = nodes.Addresses.IsEmpty ? null : tracer.Between(nodes, server, Protocol.Tcp, port);
                if (concern == Concern.Server && fromNodes is null or { Outcome.IsBlocked: true })
                {
                    continue;
                }
                foreach (var pod in pods)
                {
                    Add(concern, $"{server.Name}:{port}", pod, server, Protocol.Tcp, port);
                }
            }
        }
    }

    private IEnumerable<(Concern Concern, End End, EquatableArray<int> Ports)> FrontsAndServers()
    {
        var cloud = inventory.Cloud;
        var endpoints = cloud
            .Endpoints.SelectMany(endpoint => endpoint.Interfaces.Select(eni => (eni, endpoint)))
            .DistinctBy(pair => pair.eni)
            .ToDictionary(pair => pair.eni, pair => pair.endpoint);
        var nodes = (inventory.Cluster?.Nodes ?? []).Select(node => node.InstanceId).ToHashSet();
        var others =
            from eni in cloud.Interfaces
            where
                !eni.Addresses.IsEmpty
                && !eni.Groups.IsEmpty
                && !(eni.Instance is { } instance && nodes.Contains(instance))
                && !(cloud.Cluster is { } cluster && eni.IsControlPlane(cluster.Name))
                && eni.Status != "available"
            let endpoint = endpoints.GetValueOrDefault(eni.Id)
            let concern = ConcernOf(eni, endpoint)
            group eni by (concern, Name: NameOf(eni, endpoint), Groups: eni.Groups) into same
            orderby same.Key.concern, same.Key.Name
            select (
                same.Key.concern,
                new End(same.Key.Name, same.Select(eni => eni.Addresses[0]).ToEquatable(), (Protocol.Tcp, 443)),
                same.Key.concern == Concern.Endpoint ? [443] : PortsOf(same.Key.Groups)
            );
        return others;
    }

    private static Concern ConcernOf(SeenInterface eni, SeenEndpoint? endpoint)
    {
        if (endpoint is not null)
        {
            return Concern.Endpoint;
        }
        return eni.Description.StartsWith(LoadBalancer, StringComparison.Ordinal) ? Concern.LoadBalancer : Concern.Server;
    }

    private string NameOf(SeenInterface eni, SeenEndpoint? endpoint) =>
        ConcernOf(eni, endpoint) switch
        {
            Concern.Endpoint => $"endpoint {endpoint!.Service.Split('.')[^1]} ({endpoint.Id})",
            Concern.LoadBalancer => $"load balancer {eni.Description[LoadBalancer.Length..]}",
            _ => $"{inventory.Cloud.Groups.FirstOrDefault(group => group.Id == eni.Groups[0])?.Name ?? "server"} ({eni.Groups[0]})",
        };

    /// <summary>What a server listens on, told by the ports that its groups name.</summary>
    private EquatableArray<int> PortsOf(EquatableArray<AwsId> groups) =>
        inventory
            .Cloud.Groups.Where(group => groups.Contains(group.Id))
            .SelectMany(group => group.Rules)
            .Where(rule => rule.Direction == Direction.Ingress && rule.Traffic.Protocol == "tcp" && rule.Traffic.From == rule.Traffic.To)
            .Select(rule => rule.Traffic.From)
            .Distinct()
            .Order()
            .Take(3)
            .ToEquatable();

    /// <summary>The port that pods' groups open to just this load balancer, where they name one.</summary>
    private int PortFor(End front, End pod)
    {
        var senders = front.Addresses.SelectMany(address => tracer.GroupsOf(address)).ToHashSet();
        var receivers = pod.Addresses.SelectMany(address => tracer.GroupsOf(address)).ToHashSet();
        return inventory
            .Cloud.Groups.Where(group => receivers.Contains(group.Id))
            .SelectMany(group => group.Rules)
            .Where(rule =>
                rule.Direction == Direction.Ingress
                && rule.Traffic.Protocol == "tcp"
                && rule.Peer.Group is { IsMade: false } peer
                && senders.Contains(peer.Id)
            )
            .Select(rule => rule.Traffic.From is > 0 and var from ? from : PodPort)
            .FirstOrDefault(PodPort);
    }

    private void Add(Concern concern, string key, End from, End to, Protocol protocol, int port)
    {
        if (!from.Addresses.IsEmpty && !to.Addresses.IsEmpty && tracer.Between(from, to, protocol, port) is { } trace)
        {
            answers.Add(new(new(concern, key, from, to, protocol, port), trace));
        }
    }

    // New pods that stand where others stand already are no question of their own.
    private void Take(List<End> ends, End end)
    {
        if (!end.Addresses.IsEmpty && !(ends.Count > 0 && tracer.AreAlike(end, ends[0])))
        {
            ends.Add(end);
        }
    }
}

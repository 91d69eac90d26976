using System.Text.Json.Serialization;

namespace Podspace.Simulation.Faults;

/// <summary>A faults file: what goes wrong at the world's endpoints, and how long things take.
/// docs/faults.md explains it key by key.</summary>
public sealed class FaultPlan
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "podspace.io/v1alpha1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "Faults";

    /// <summary>Which of the calls that a percentage speaks of are hit follows from it, and from nothing else.</summary>
    [JsonPropertyName("seed")]
    public int Seed { get; set; }

    /// <summary>Documented and observed delays, stale reads and the control plane's hour.</summary>
    [JsonPropertyName("realistic")]
    public bool Realistic { get; set; }

    /// <summary>Seconds that a change takes, by its name in a world file's <c>pending</c>.</summary>
    [JsonPropertyName("delays")]
    public SortedDictionary<string, int> Delays { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The first that hits a call decides.</summary>
    [JsonPropertyName("rules")]
    public List<FaultRule> Rules { get; set; } = [];
}

public sealed class FaultRule
{
    /// <summary>One of <see cref="FaultKinds"/>.</summary>
    [JsonPropertyName("fault")]
    public string Fault { get; set; } = "";

    /// <summary>ec2, eks, sts or kubernetes; empty: all.</summary>
    [JsonPropertyName("service")]
    public string Service { get; set; } = "";

    /// <summary><c>CreateSubnet</c>, <c>UpdateAddon</c>; for Kubernetes verb and resource, <c>patch
    /// eniconfigs.crd.k8s.amazonaws.com</c>. A star stands for anything; empty: all.</summary>
    [JsonPropertyName("operation")]
    public string Operation { get; set; } = "";

    /// <summary><c>reads</c> or <c>writes</c>; empty: both.</summary>
    [JsonPropertyName("only")]
    public string Only { get; set; } = "";

    /// <summary>How many in a hundred of the calls that the rule speaks of.</summary>
    [JsonPropertyName("percent")]
    public int Percent { get; set; } = 100;

    /// <summary>Of the calls that the rule speaks of, those with these numbers, counted from 1; empty: every one.</summary>
    [JsonPropertyName("nth")]
    public List<int> Nth { get; set; } = [];

    /// <summary>It hits this often and no more; 0: no limit.</summary>
    [JsonPropertyName("most")]
    public int Most { get; set; }

    /// <summary>How long; what it means, and its default, is the fault's. 0: the default.</summary>
    [JsonPropertyName("seconds")]
    public int Seconds { get; set; }

    /// <summary>For <c>error</c>: the service's code, its HTTP status and its words, instead of an internal error's.</summary>
    [JsonPropertyName("code")]
    public string Code { get; set; } = "";

    [JsonPropertyName("status")]
    public int Status { get; set; }

    [JsonPropertyName("message")]
    public string Message { get; set; } = "";
}

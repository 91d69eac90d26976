namespace Podspace.Simulation.Kubernetes;

/// <summary>Field managers of what runs inside the cluster.</summary>
public static class Managers
{
    public const string Controllers = "kube-controller-manager";
    public const string Scheduler = "kube-scheduler";
    public const string Kubelet = "kubelet";
    public const string Eks = "eks";

    /// <summary>Whether it owns no fields here: the cluster's own parts write status all day, their entries
    /// would fill the world file, and no rule asks for them.</summary>
    internal static bool IsSilent(string manager) => manager is Controllers or Scheduler or Kubelet or "";
}

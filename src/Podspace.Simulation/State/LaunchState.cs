namespace Podspace.Simulation.State;

/// <summary>One version, as <c>aws ec2 describe-launch-template-versions</c> prints it.</summary>
public sealed class LaunchTemplateVersion
{
    public string LaunchTemplateId { get; set; } = "";
    public string LaunchTemplateName { get; set; } = "";
    public int VersionNumber { get; set; } = 1;
    public bool DefaultVersion { get; set; }
    public LaunchTemplateData LaunchTemplateData { get; set; } = new();
}

public sealed class LaunchTemplateData
{
    public string? ImageId { get; set; }
    public string? InstanceType { get; set; }

    /// <summary>In base64.</summary>
    public string? UserData { get; set; }
}

/// <summary>As <c>aws autoscaling describe-auto-scaling-groups</c> prints it. The simulation starts nothing by it.</summary>
public sealed class AutoScalingGroup
{
    public string AutoScalingGroupName { get; set; } = "";
    public string? LaunchConfigurationName { get; set; }
    public LaunchTemplateSpecification? LaunchTemplate { get; set; }
    public MixedInstancesPolicy? MixedInstancesPolicy { get; set; }
    public int MinSize { get; set; }
    public int MaxSize { get; set; }
    public int DesiredCapacity { get; set; }

    /// <summary>Subnets, with commas between them.</summary>
    public string VPCZoneIdentifier { get; set; } = "";
    public List<Tag> Tags { get; set; } = [];
}

public sealed class LaunchTemplateSpecification
{
    public string? LaunchTemplateId { get; set; }
    public string? LaunchTemplateName { get; set; }
    public string? Version { get; set; }
}

public sealed class MixedInstancesPolicy
{
    public MixedLaunchTemplate LaunchTemplate { get; set; } = new();
}

public sealed class MixedLaunchTemplate
{
    public LaunchTemplateSpecification LaunchTemplateSpecification { get; set; } = new();
    public List<LaunchTemplateOverride> Overrides { get; set; } = [];
}

public sealed class LaunchTemplateOverride
{
    public string? InstanceType { get; set; }
    public LaunchTemplateSpecification? LaunchTemplateSpecification { get; set; }
    public InstanceRequirements? InstanceRequirements { get; set; }
}

/// <summary>Types are chosen by these, and nobody knows beforehand which: so no more of them is kept than makes them be there.</summary>
public sealed class InstanceRequirements
{
    public RequiredRange VCpuCount { get; set; } = new();
    public RequiredRange MemoryMiB { get; set; } = new();
}

public sealed class RequiredRange
{
    public int Min { get; set; }
    public int? Max { get; set; }
}

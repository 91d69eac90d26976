namespace Podspace.Planning;

/// <summary>The parts of a plan. They may run in any order; steps of which neither stage nor predecessors decide the order,
/// and findings, stand in the order of this list.</summary>
internal static class PlanParts
{
    public static IReadOnlyList<Action<PlanDraft>> All(PlanInput input) =>
        [.. Network(input), .. Cni(input), .. AutoMode(input), draft => new LostTagFindings(input, draft).Report(), .. Removals(input)];

    /// <summary>Just what turns the switch off.</summary>
    public static IReadOnlyList<Action<PlanDraft>> SwitchOff(PlanInput input, bool keepsPools)
    {
        Action<PlanDraft>[] cni =
        [
            draft => new SubnetRolePlanner(input, draft).Restore(),
            draft => new AddonPlanner(input, draft).Restore(isSwitchOnly: true),
            draft => new AwsNodePlanner(input, draft).Restore(isSwitchOnly: true),
        ];
        return input.Inventory.Cluster is null
            ? cni
            : [.. cni, draft => new NodePoolPlanner(input, draft).Remove(isSwitchOnly: true, keepsPools)];
    }

    private static IEnumerable<Action<PlanDraft>> Network(PlanInput input) =>
        [
            draft => new BlockPlanner(input, draft).Add(),
            draft => new SubnetPlanner(input, draft).Add(),
            draft => new SubnetPlanner(input, draft).AddAcls(),
            draft => new SharePlanner(input, draft).Add(),
            draft => new RoutePlanner(input, draft).Add(),
            draft => new GroupPlanner(input, draft).Add(),
        ];

    private static IEnumerable<Action<PlanDraft>> Cni(PlanInput input)
    {
        if (input.Inventory.Cluster is null)
        {
            return [];
        }
        IEnumerable<Action<PlanDraft>> parts = input switch
        {
            { IsDestroy: true } =>
            [
                draft => new SubnetRolePlanner(input, draft).Restore(),
                draft => new AddonPlanner(input, draft).Restore(isSwitchOnly: false),
                draft => new AwsNodePlanner(input, draft).Restore(isSwitchOnly: false),
                draft => new EniConfigPlanner(input, draft).Remove(),
            ],
            { Desired.Cni: null } => [draft => new SubnetRolePlanner(input, draft).Add()],
            _ =>
            [
                draft => new SubnetRolePlanner(input, draft).Add(),
                draft => new EniConfigPlanner(input, draft).Add(),
                draft => new AddonPlanner(input, draft).Add(),
                draft => new AwsNodePlanner(input, draft).Add(),
                draft => new EniConfigPlanner(input, draft).Remove(),
                draft => new SubnetRolePlanner(input, draft).Restore(),
                draft => draft.ReportOnceKnown(input.OldNodes.FindingsOfVpcCni),
                draft => draft.ReportOnceKnown(input.OldNodes.LaunchPathFindings),
            ],
        };
        return parts.Prepend(draft => new AddonPlanner(input, draft).ReportRunningUpdate());
    }

    private static IEnumerable<Action<PlanDraft>> AutoMode(PlanInput input) =>
        input.Inventory.Cluster is null
            ? []
            :
            [
                draft => new NodeClassPlanner(input, draft).AddAccessEntries(),
                draft => new NodeClassPlanner(input, draft).Add(),
                draft => new NodePoolPlanner(input, draft).Add(),
                draft => new NodePoolPlanner(input, draft).Remove(isSwitchOnly: false),
                draft => new NodeClassPlanner(input, draft).Remove(),
                draft => new NodeClassPlanner(input, draft).RemoveAccessEntries(),
                draft => draft.ReportOnceKnown(_ => input.OldNodes.FindingsOfAutoMode()),
            ];

    private static IEnumerable<Action<PlanDraft>> Removals(PlanInput input)
    {
        Action<PlanDraft>[] parts =
        [
            draft => new GroupPlanner(input, draft).RemoveRules(),
            draft => new SharePlanner(input, draft).Remove(),
            draft => new SubnetPlanner(input, draft).Remove(),
            draft => new GroupPlanner(input, draft).Remove(),
            draft => new RoutePlanner(input, draft).Remove(),
            draft => new BlockPlanner(input, draft).Remove(),
        ];
        return input.IsDestroy
            ? parts
                .Append(draft => new CleanupPlanner(input, draft).ClearRolloutMarks())
                .Append(draft => new CleanupPlanner(input, draft).DeletePreviousValues())
            : parts;
    }
}

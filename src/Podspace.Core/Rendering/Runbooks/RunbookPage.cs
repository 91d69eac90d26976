using Podspace.Planning;
using Podspace.Rendering.Maps;
using Podspace.Steps;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>A runbook as the parts of a page, in reading order.</summary>
public static class RunbookPage
{
    /// <param name="options">What every podspace command carries: files and world.</param>
    public static IEnumerable<RunbookPart> Of(Runbook runbook, string options)
    {
        var (blueprint, plan) = (runbook.Blueprint, runbook.Plan);
        var network = NetworkMap.From(blueprint.Spec, blueprint.Inventory, blueprint.Desired);
        return
        [
            .. Head(runbook),
            .. Pictures(blueprint, network),
            .. ToKnow(plan),
            .. runbook.Chapters.IsEmpty
                ?
                [
                    new RunbookPart.Heading(2, "The steps"),
                    new RunbookPart.Paragraph("Nothing is left to do: the network is as the spec says."),
                ]
                : Before(runbook),
            .. runbook.Chapters.SelectMany(Chapter),
            .. Proof(runbook, options),
            .. WayBack(runbook),
            .. AksTable.Of(blueprint, network.Ways),
        ];
    }

    private static IEnumerable<RunbookPart> Head(Runbook runbook)
    {
        var (blueprint, plan) = (runbook.Blueprint, runbook.Plan);
        var blocks = string.Join(", ", blueprint.Desired.Blocks.Select(block => Prose.Code(block.Cidr)));
        yield return new RunbookPart.Heading(
            1,
            plan.Cluster is null
                ? $"Runbook: a pod network in {Prose.Code(blueprint.Spec.Vpc)}"
                : $"Runbook: the pods of cluster {Prose.Code(plan.Cluster)} get an address space of their own"
        );
        yield return new RunbookPart.Grid(
            ["Overlay", "Account", "Region", "VPC", "Plan"],
            [
                [
                    Prose.Code(plan.Overlay),
                    Prose.Code(runbook.Account),
                    Prose.Code(plan.Region),
                    Prose.Code(blueprint.Spec.Vpc),
                    Prose.Code(plan.Fingerprint),
                ],
            ]
        );
        yield return new RunbookPart.Heading(2, "What and why");
        yield return new RunbookPart.Paragraph(
            $"Pods take addresses of the subnet that their node lives in, and those are addresses that "
                + $"the whole company routes. This gives pods {blocks} instead, of the carrier-grade NAT range; "
                + $"nodes, load balancers and everything else stay where they are."
                + (plan.Summary.Length == 0 ? "" : $" It comes to this: **{Prose.Plain(plan.Summary)}**.")
        );
        var beyond = blueprint.Spec.Routing.Source == Spec.PacketSource.Pod ? "their own as well" : "their node's";
        yield return new RunbookPart.Paragraph(
            blueprint.Desired.Modes.IsEmpty
                ? "There is no cluster yet: this is the VPC's part."
                : $"How pods come to these addresses here: {string.Join(" and ", blueprint.Desired.Modes.Select(Mode))}. "
                    + $"Inside of the VPC pods are seen with their own address; beyond it with {beyond}."
        );
    }

    private static string Mode(Spec.PodMode mode) =>
        mode switch
        {
            Spec.PodMode.EniConfig => "an ENIConfig for each zone tells the VPC CNI in which subnet to put pods' interfaces",
            Spec.PodMode.SubnetDiscovery => "tags tell the VPC CNI which subnets to put pods' interfaces in",
            Spec.PodMode.AutoMode => "a NodeClass tells EKS Auto Mode in which subnets to put pods",
        };

    private static IEnumerable<RunbookPart> Pictures(Blueprint blueprint, NetworkMap network)
    {
        var space = AddressMap.From(blueprint.Inventory, blueprint.Spec.Name, blueprint.Desired);
        yield return new RunbookPart.Heading(3, "The address space, as it will be");
        yield return new RunbookPart.Picture(AddressMapSvg.Render(space), AddressMapText.Render(space));
        yield return new RunbookPart.Heading(3, "The network, and the ways of packets");
        yield return new RunbookPart.Picture(NetworkMapSvg.Render(network), NetworkMapText.Render(network));
    }

    private static IEnumerable<RunbookPart> ToKnow(Plan plan)
    {
        if (plan.Findings.IsEmpty)
        {
            yield break;
        }
        yield return new RunbookPart.Heading(2, "Read this first");
        foreach (var finding in plan.Findings.OrderByDescending(finding => finding.Severity))
        {
            var (words, command) = Parted(finding.Fix);
            yield return new RunbookPart.Paragraph(
                $"**{finding.Severity} {finding.Code}.** {Prose.Plain(finding.Problem)} {Prose.Plain(words)}".TrimEnd()
            );
            if (command.Length > 0)
            {
                yield return new RunbookPart.Code("To look or to fix", "sh", command, false, CodeUse.Look);
            }
        }
    }

    /// <summary>Commands of a finding stand on lines of their own, indented.</summary>
    private static (string Words, string Command) Parted(string fix)
    {
        var lines = fix.Split('\n');
        return (
            string.Join(' ', lines.Where(line => !line.StartsWith("  ", StringComparison.Ordinal))),
            string.Join('\n', lines.Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim()))
        );
    }

    private static IEnumerable<RunbookPart> Before(Runbook runbook)
    {
        var (blueprint, plan) = (runbook.Blueprint, runbook.Plan);
        yield return new RunbookPart.Heading(2, "Before you begin");
        yield return new RunbookPart.Paragraph(
            $"Every step is told three times: in the console, on the command line, in Terraform. "
                + $"**Take one of them**, and the same for the whole of the network. Instead of all that, "
                + $"{Prose.Code("podspace apply")} does the steps before the switch and {Prose.Code("podspace rollout start")} the "
                + $"others. "
                + "The commands are for bash, the AWS CLI and kubectl; "
                + "they do what Podspace would do, tags included, so that Podspace can go on "
                + "from any step, check it and undo it. Ids that are not known yet are kept in variables: stay in "
                + "one window."
        );
        yield return new RunbookPart.Code(
            "Where you are",
            "sh",
            string.Join(
                    '\n',
                    $"export AWS_REGION={plan.Region} AWS_DEFAULT_REGION={plan.Region} AWS_PAGER=",
                    "aws sts get-caller-identity --query Account --output text",
                    $"aws ec2 describe-vpcs --vpc-ids {blueprint.Spec.Vpc} --query 'Vpcs[0].[VpcId,CidrBlock]' --output text",
                    plan.Cluster is null ? "" : "kubectl config current-context\nkubectl get nodes"
                )
                .TrimEnd(),
            false,
            CodeUse.Look
        );
        yield return new RunbookPart.Paragraph(
            $"The account has to be {Prose.Code(runbook.Account)}. If this plan is older than "
                + $"a few days, render it anew: ids and what stands there move."
        );
        yield return new RunbookPart.Heading(2, "The steps");
        yield return new RunbookPart.Items(
            runbook.Chapters.Select(chapter => $"{chapter.Title}. Disturbs {RunbookText.Disturbs(chapter)}.").ToEquatable(),
            ItemKind.Number
        );
    }

    private static IEnumerable<RunbookPart> Chapter(RunbookChapter chapter)
    {
        yield return new RunbookPart.Heading(2, $"Step {chapter.Number}. {chapter.Title}");
        yield return new RunbookPart.Paragraph($"{RunbookText.Why(chapter)} Disturbs {RunbookText.Disturbs(chapter)}.");
        var others = chapter
            .Steps.Select(step => step.Owner)
            .Where(owner => owner != Spec.Owner.Podspace)
            .Distinct()
            .Select(Owners.Whose)
            .ToList();
        if (others.Count > 0)
        {
            yield return new RunbookPart.Paragraph($"**Done by {string.Join(" and ", others)}** (spec.owners), not by you.");
        }
        if (!chapter.Steps.IsEmpty)
        {
            yield return new RunbookPart.Items(
                chapter.Steps.Select(step => $"{Prose.Code(step.Change.Action.Symbol())} {Prose.Plain(step.Change.Phrase)}").ToEquatable(),
                ItemKind.Bullet
            );
        }
        if (!chapter.Console.IsEmpty)
        {
            yield return new RunbookPart.Clicks(chapter.Console);
        }
        yield return new RunbookPart.Code($"Step {chapter.Number}: AWS CLI and kubectl", "sh", chapter.Commands, false, CodeUse.Do);
        if (chapter.Terraform.Length > 0)
        {
            yield return new RunbookPart.Code($"Step {chapter.Number}: Terraform", "hcl", chapter.Terraform, true, CodeUse.Look);
        }
        else if (chapter.Topic is RunbookTopic.Places or RunbookTopic.Switch)
        {
            yield return new RunbookPart.Paragraph(
                "Terraform: the AWS provider has no resource for this. "
                    + "For Argo CD or Flux, `podspace render kubernetes` prints the manifests."
            );
        }
        if (chapter.Check.Length > 0)
        {
            yield return new RunbookPart.Code($"Step {chapter.Number}: check", "sh", chapter.Check, false, CodeUse.Check);
            yield return new RunbookPart.Paragraph($"Right when: {chapter.Expect}");
        }
        if (chapter.Back.Length > 0)
        {
            yield return new RunbookPart.Code($"Step {chapter.Number}: undo", "sh", chapter.Back, true, CodeUse.Back);
        }
    }

    private static IEnumerable<RunbookPart> Proof(Runbook runbook, string options)
    {
        yield return new RunbookPart.Heading(2, "The proof");
        yield return new RunbookPart.Code("Prove it", "sh", $"podspace verify{options}\npodspace plan{options}", false, CodeUse.Look);
        yield return new RunbookPart.Paragraph(
            $"The first looks at every part, node and pod and ends with 0; the second says that there is nothing to "
                + $"do.{(runbook.Plan.Summary.Length == 0 ? "" : $" Expected: {Prose.Plain(runbook.Plan.Summary)}.")}"
        );
    }

    private static IEnumerable<RunbookPart> WayBack(Runbook runbook)
    {
        yield return new RunbookPart.Heading(2, "The way back");
        var order = runbook.Back;
        if (!order.IsEmpty)
        {
            yield return new RunbookPart.Paragraph(
                "As far as you came: undo the steps in this order. "
                    + "The switch goes first, and nodes are replaced again before the subnets of their pods can "
                    + "go. Instead of all that: `podspace rollout back`, then `podspace destroy`."
            );
            yield return new RunbookPart.Items(
                order.Select(chapter => $"Step {chapter.Number}: {chapter.Title}").ToEquatable(),
                ItemKind.Number
            );
        }
        if (runbook.Lookups is { Length: > 0 } lookups)
        {
            yield return new RunbookPart.Code("In a new window, first the ids again", "sh", lookups, false, CodeUse.Look);
        }
        if (runbook.Standing.Length > 0)
        {
            yield return new RunbookPart.Paragraph("What stands there already of this network, and can go now:");
            yield return new RunbookPart.Code("Undo what stands already", "sh", runbook.Standing, true, CodeUse.Back);
        }
    }
}

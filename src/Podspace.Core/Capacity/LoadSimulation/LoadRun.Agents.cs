using System.Diagnostics;
using Podspace.Cni;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>What each node's agent does, with its waits; whether to grow or shrink is <see cref="Ipamd"/>'s.</summary>
public sealed partial class LoadRun
{
    private readonly IAddressWatch? watch;

    private void Touch(SimNode node)
    {
        if (!node.IsCheckPlanned && !node.IsGone)
        {
            node.IsCheckPlanned = true;
            // Every node's agent looks at its own moment of the five seconds.
            At(now + AgentPeriod - ((now + node.Id) % AgentPeriod), new(Kind.Agent, node));
        }
    }

    private void CheckAgent(SimNode node)
    {
        node.IsCheckPlanned = false;
        if (node.IsGone)
        {
            return;
        }
        if (node.IsSettled)
        {
            node.Blocked = null;
            return;
        }
        var pool = PoolOf(node);
        if (Grow(node, pool) || Shrink(node, pool))
        {
            Touch(node);
        }
    }

    private Pool PoolOf(SimNode node) => node.Pool(MaxPods.InterfacesFor(node.Group.Limits, profile.Settings));

    /// <returns>Whether to look again soon.</returns>
    private bool Grow(SimNode node, Pool pool)
    {
        var attempts = Ipamd.Attempts(node.Settings, pool);
        if (attempts.Count == 0)
        {
            node.Blocked = null;
            return false;
        }
        if (now < node.BlockedUntil)
        {
            node.IsCheckPlanned = true;
            At(node.BlockedUntil, new(Kind.Agent, node));
            return false;
        }
        foreach (var attempt in attempts)
        {
            calls++;
            if (
                attempt switch
                {
                    Growth.Fill fill => Put(node, node.InterfaceAt(fill.Interface), fill.Count),
                    Growth.Attach attach => Attach(node, attach.Count),
                    _ => throw new UnreachableException($"{attempt.GetType().Name} is not carried out."),
                }
            )
            {
                node.Blocked = null;
                return true;
            }
            failed++;
        }
        (node.BlockedUntil, node.IsCheckPlanned) = (now + AfterFullSubnet, true);
        At(node.BlockedUntil, new(Kind.Agent, node));
        return false;
    }

    /// <summary>All or nothing, as EC2 answers.</summary>
    private bool Put(SimNode node, SimInterface card, int count)
    {
        var space = spaces[card.Subnet];
        var isPrefixed = node.Settings.PrefixDelegation;
        var got = new List<uint>(count);
        while (got.Count < count && (isPrefixed ? space.TakePrefix() : space.TakeAddress()) is { } address)
        {
            got.Add(address);
        }
        if (got.Count < count)
        {
            node.Blocked = isPrefixed && space.Free >= MaxPods.PerPrefix ? WaitReason.NoWholePrefix : WaitReason.SubnetFull;
            got.ForEach(isPrefixed ? space.GivePrefix : space.GiveAddress);
            return false;
        }
        foreach (var address in got)
        {
            if (isPrefixed)
            {
                card.AddBlock(address);
            }
            else
            {
                card.Add(address);
            }
        }
        return true;
    }

    /// <summary>Without custom networking the node's own interface gives addresses too, and EC2 makes it with the node.</summary>
    /// <returns>Whether there was an address for it.</returns>
    private bool HasOwn(SimNode node)
    {
        if (node.Settings.CustomNetworking || node.Interfaces.Count > 0)
        {
            return true;
        }
        foreach (var at in ByRoom(node))
        {
            if (spaces[at].TakeAddress() is { } own)
            {
                watch?.Given(own, at, now);
                node.Interfaces.Add(new(own, at, now));
                return true;
            }
        }
        node.Blocked = WaitReason.SubnetFull;
        return false;
    }

    private IEnumerable<int> ByRoom(SimNode node) => subnetsOfZone[node.Zone].OrderByDescending(at => spaces[at].Free);

    /// <summary>Beside the node's own interface, where neither an ENIConfig nor tags of subnets say otherwise.</summary>
    private IEnumerable<int> SubnetsOf(SimNode node) =>
        node.Settings.CustomNetworking || node.Settings.SubnetDiscovery ? ByRoom(node) : [node.Interfaces[0].Subnet];

    /// <summary>Into the zone's subnet with most free addresses. Source: amazon-vpc-cni-k8s, pkg/awsutils,
    /// for subnet discovery; with an ENIConfig there is one.</summary>
    private bool Attach(SimNode node, int count)
    {
        foreach (var at in SubnetsOf(node))
        {
            if (spaces[at].TakeAddress() is not { } own)
            {
                node.Blocked = WaitReason.SubnetFull;
                continue;
            }
            watch?.Given(own, at, now);
            var card = new SimInterface(own, at, now);
            // CreateNetworkInterface with fewer than were asked for is tried once more with one. Source: pkg/ipamd, tryAllocateENI.
            if (Put(node, card, count) || (count > 1 && Put(node, card, 1)))
            {
                node.Interfaces.Add(card);
                return true;
            }
            spaces[at].GiveAddress(own);
            TakeBackOwn(card);
        }
        return false;
    }

    /// <returns>Whether to look again soon.</returns>
    private bool Shrink(SimNode node, Pool pool)
    {
        var settings = node.Settings;
        var releases = Ipamd.Releases(settings, pool);
        var removable = Ipamd.Removable(settings, pool);
        if (releases.Count == 0 && removable is null)
        {
            return false;
        }
        if (now - node.LastShrink < ShrinkPeriod)
        {
            node.IsCheckPlanned = true;
            At(node.LastShrink + ShrinkPeriod, new(Kind.Agent, node));
            return false;
        }
        node.LastShrink = now;
        var did =
            releases.Count > 0
                ? releases.Sum(release => Release(node, node.InterfaceAt(release.Interface), release.Count)) > 0
                : RemoveInterface(node, node.InterfaceAt(removable!.Value));
        if (!did)
        {
            // What is young or cools down goes later.
            node.IsCheckPlanned = true;
            At(now + ShrinkPeriod, new(Kind.Agent, node));
        }
        return did;
    }

    private int Release(SimNode node, SimInterface card, int count)
    {
        calls++;
        var space = spaces[card.Subnet];
        var gone = node.Settings.PrefixDelegation ? card.ReleaseBlocks(count, now) : card.ReleaseAddresses(count, now);
        gone.ForEach(node.Settings.PrefixDelegation ? space.GivePrefix : space.GiveAddress);
        return gone.Count;
    }

    private bool RemoveInterface(SimNode node, SimInterface card)
    {
        if (now - card.Born < InterfaceMinimumAge || card.IsInUse(now))
        {
            return false;
        }
        calls++;
        GiveBack(node, card);
        node.Interfaces.Remove(card);
        return true;
    }

    private void GiveBack(SimNode node, SimInterface card)
    {
        var space = spaces[card.Subnet];
        if (node.Settings.PrefixDelegation)
        {
            card.Blocks.ForEach(space.GivePrefix);
        }
        else
        {
            foreach (ref readonly var slot in card.Slots)
            {
                space.GiveAddress(slot.Address);
            }
        }
        space.GiveAddress(card.Own);
        TakeBackOwn(card);
    }

    /// <summary>Cooldown is for pods' addresses; an interface's own is EC2's again at once.</summary>
    private void TakeBackOwn(SimInterface card)
    {
        watch?.TakenBack(card.Own, card.Subnet, now);
        watch?.Forgotten(card.Own);
    }

    /// <summary>The first free address that does not cool down; null: there is none.</summary>
    private uint? Take(Unit pod, SimNode node)
    {
        foreach (var card in node.Interfaces)
        {
            if (card.Taken < card.Count && card.FindFree(now) is >= 0 and var place)
            {
                return card.Give(place, pod);
            }
        }
        return null;
    }
}

using System.Diagnostics;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>What each node's agent does, with its waits; whether to grow or shrink is <see cref="Ipamd"/>'s.</summary>
public sealed partial class LoadRun
{
    private readonly IAddressWatch? watch;

    private void Touch(Worker node)
    {
        if (!node.IsCheckPlanned && !node.IsGone)
        {
            node.IsCheckPlanned = true;
            // Every node's agent looks at its own moment of the five seconds.
            At(now + AgentPeriod - ((now + node.Id) % AgentPeriod), new(Kind.Agent, node));
        }
    }

    private void CheckAgent(Worker node)
    {
        node.IsCheckPlanned = false;
        if (node.IsGone)
        {
            return;
        }
        var pool = PoolOf(node);
        if (Grow(node, pool) || Shrink(node, pool))
        {
            Touch(node);
        }
    }

    private IpamdSettings SettingsOf(Worker node) => profile.Settings.On(node.Group.Limits);

    private bool UsesPrefixes(Worker node) => SettingsOf(node).PrefixDelegation;

    private Pool PoolOf(Worker node) => node.Pool(MaxPods.InterfacesFor(node.Group.Limits, profile.Settings), UsesPrefixes(node));

    /// <returns>Whether to look again soon.</returns>
    private bool Grow(Worker node, Pool pool)
    {
        var attempts = Ipamd.Attempts(SettingsOf(node), pool);
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
            if (attempt switch
            {
                Growth.Fill fill => Fill(node, node.Cards[fill.Interface - 1], fill.Count),
                Growth.Attach attach => Attach(node, attach.Count),
                _ => throw new UnreachableException($"{attempt.GetType().Name} is not carried out."),
            })
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
    private bool Fill(Worker node, Card card, int count)
    {
        var at = SubnetOf(card.Own);
        return Put(node, card, at, count);
    }

    private bool Put(Worker node, Card card, int at, int count)
    {
        var space = spaces[at];
        var isPrefixed = UsesPrefixes(node);
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
            if (!isPrefixed)
            {
                card.Slots.Add(new(address, -1));
                continue;
            }
            card.Blocks.Add(address);
            card.PodsOfBlock.Add(0);
            for (var offset = 0u; offset < MaxPods.PerPrefix; offset++)
            {
                card.Slots.Add(new(address + offset, card.Blocks.Count - 1));
            }
        }
        return true;
    }

    /// <summary>Into the zone's subnet with most free addresses. Source: amazon-vpc-cni-k8s, pkg/awsutils, for subnet discovery; with an ENIConfig there is one.</summary>
    private bool Attach(Worker node, int count)
    {
        foreach (var at in subnetsOfZone[node.Zone].OrderByDescending(at => spaces[at].Free))
        {
            if (spaces[at].TakeAddress() is not { } own)
            {
                node.Blocked = WaitReason.SubnetFull;
                continue;
            }
            watch?.Given(own, at, now);
            var card = new Card(own, now);
            // CreateNetworkInterface with fewer than were asked for is tried once more with one. Source: pkg/ipamd, tryAllocateENI.
            if (Put(node, card, at, count) || (count > 1 && Put(node, card, at, 1)))
            {
                node.Cards.Add(card);
                return true;
            }
            spaces[at].GiveAddress(own);
            TakeBackOwn(own);
        }
        return false;
    }

    private int SubnetOf(uint address)
    {
        for (var at = 0; at < spaces.Length; at++)
        {
            if (spaces[at].Cidr.Contains(new Addressing.Address(address)))
            {
                return at;
            }
        }
        throw new UnreachableException("An interface stands in no subnet.");
    }

    /// <returns>Whether to look again soon.</returns>
    private bool Shrink(Worker node, Pool pool)
    {
        var settings = SettingsOf(node);
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
        var did = releases.Count > 0 ? releases.Sum(release => Release(node, node.Cards[release.Interface - 1], release.Count)) > 0 : RemoveCard(node, node.Cards[removable!.Value - 1]);
        if (!did)
        {
            // What is young or cools down goes later.
            node.IsCheckPlanned = true;
            At(now + ShrinkPeriod, new(Kind.Agent, node));
        }
        return did;
    }

    private int Release(Worker node, Card card, int count)
    {
        var at = SubnetOf(card.Own);
        calls++;
        var given = 0;
        if (UsesPrefixes(node))
        {
            for (var block = card.Blocks.Count - 1; block >= 0 && given < count; block--)
            {
                if (card.PodsOfBlock[block] == 0 && card.Slots.TrueForAll(slot => slot.Block != block || slot.FreeFrom <= now))
                {
                    spaces[at].GivePrefix(card.Blocks[block]);
                    card.Blocks.RemoveAt(block);
                    card.PodsOfBlock.RemoveAt(block);
                    card.Slots.RemoveAll(slot => slot.Block == block);
                    card.Slots.ForEach(slot => slot.Block -= slot.Block > block ? 1 : 0);
                    given++;
                }
            }
            return given;
        }
        for (var index = card.Slots.Count - 1; index >= 0 && given < count; index--)
        {
            var slot = card.Slots[index];
            if (!slot.IsTaken && slot.FreeFrom <= now)
            {
                spaces[at].GiveAddress(slot.Address);
                card.Slots.RemoveAt(index);
                given++;
            }
        }
        return given;
    }

    private bool RemoveCard(Worker node, Card card)
    {
        if (now - card.Born < CardMinimumAge || card.Slots.Exists(slot => slot.IsTaken || slot.FreeFrom > now))
        {
            return false;
        }
        calls++;
        GiveBack(node, card);
        node.Cards.Remove(card);
        return true;
    }

    private void GiveBack(Worker node, Card card)
    {
        var space = spaces[SubnetOf(card.Own)];
        if (UsesPrefixes(node))
        {
            card.Blocks.ForEach(space.GivePrefix);
        }
        else
        {
            card.Slots.ForEach(slot => space.GiveAddress(slot.Address));
        }
        space.GiveAddress(card.Own);
        TakeBackOwn(card.Own);
    }

    /// <summary>Cooldown is for pods' addresses; an interface's own is EC2's again at once.</summary>
    private void TakeBackOwn(uint own)
    {
        watch?.TakenBack(own, SubnetOf(own), now);
        watch?.Forgotten(own);
    }

    /// <summary>The first free address that does not cool down.</summary>
    private (Card Card, Slot Slot)? FreeSlot(Worker node)
    {
        foreach (var card in node.Cards)
        {
            if (card.Taken == card.Slots.Count)
            {
                continue;
            }
            foreach (var slot in card.Slots)
            {
                if (!slot.IsTaken && slot.FreeFrom <= now)
                {
                    return (card, slot);
                }
            }
        }
        return null;
    }
}

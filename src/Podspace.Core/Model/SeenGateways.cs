using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

public sealed record SeenEndpoint(
    AwsId Id,
    string Service,
    string Type,
    string State,
    EquatableArray<AwsId> Subnets,
    EquatableArray<AwsId> RouteTables,
    EquatableArray<AwsId> Groups,
    EquatableArray<AwsId> Interfaces
);

/// <param name="PeerBlocks">Of the other side, as far as it is known.</param>
public sealed record SeenPeering(AwsId Id, string State, bool IsRequester, string PeerVpc, EquatableArray<Cidr> PeerBlocks);

public sealed record SeenTransitGatewayAttachment(AwsId Id, string Gateway, string State, EquatableArray<AwsId> Subnets);

public sealed record SeenVpnGateway(AwsId Id, string State);

public sealed record SeenNatGateway(AwsId Id, AwsId Subnet, string State, string Connectivity);

public sealed record SeenPrefixList(AwsId Id, string Name, int MaxEntries, EquatableArray<Cidr> Entries);

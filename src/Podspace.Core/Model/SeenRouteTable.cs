using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

/// <param name="To">Null when the destination is <paramref name="PrefixList"/>.</param>
/// <param name="Via">An id (igw-, nat-, tgw-, pcx-, vgw-, eni-, vpce-…) or <c>local</c>.</param>
/// <param name="State">active, blackhole or filtered.</param>
/// <param name="Origin">CreateRouteTable, CreateRoute or EnableVgwRoutePropagation.</param>
public sealed record SeenRoute(Cidr? To, AwsId? PrefixList, string Via, string State, string Origin);

/// <param name="Subnet">Null for the main association and for gateways.</param>
public sealed record SeenAssociation(string Id, AwsId? Subnet, bool IsMain, string State);

public sealed record SeenRouteTable(
    AwsId Id,
    EquatableArray<SeenRoute> Routes,
    EquatableArray<SeenAssociation> Associations,
    EquatableArray<SeenTag> Tags
)
{
    public bool IsMain => Associations.Any(association => association.IsMain);
}

using Podspace.Naming;

namespace Podspace.Model;

public sealed record SeenRule(string Id, Direction Direction, Traffic Traffic, Peer Peer, string Description, EquatableArray<SeenTag> Tags);

public sealed record SeenGroup(AwsId Id, string Name, string Description, EquatableArray<SeenRule> Rules, EquatableArray<SeenTag> Tags);

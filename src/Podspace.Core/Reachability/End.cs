using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>One end of a conversation: a name, and every address that it may stand for.</summary>
/// <param name="Usual">What is asked of it where nobody says: the API server 443, a kubelet 10250.</param>
public sealed record End(string Name, EquatableArray<Address> Addresses, (Protocol Protocol, int Port) Usual)
{
    public override string ToString() => Addresses.Count == 1 && Name != Addresses[0].ToString() ? $"{Name} ({Addresses[0]})" : Name;
}

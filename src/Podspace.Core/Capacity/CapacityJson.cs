using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Capacity;

/// <summary>Capacity for programs.</summary>
public static class CapacityJson
{
    public static string Render(CapacityReport report)
    {
        var (question, answer) = (report.Question, report.Answer);
        return new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Capacity",
            ["podsFit"] = answer.Fits,
            ["nodes"] = Array(
                question.Nodes,
                set =>
                    new()
                    {
                        ["count"] = set.Count,
                        ["type"] = set.Limits.Type,
                        ["zone"] = set.Zone,
                        ["from"] = set.Path,
                        ["maxPods"] = set.MaxPods,
                        ["podsEach"] = set.Slots,
                        ["podsNow"] = set.Pods,
                    }
            ),
            ["zones"] = Array(
                answer.Zones,
                zone =>
                    new()
                    {
                        ["zone"] = zone.Zone,
                        ["nodes"] = zone.Nodes,
                        ["podsNow"] = zone.Pods,
                        ["podsFit"] = zone.Fits,
                        ["podsFitWithWarmPool"] = zone.Calm,
                        ["podsByMaxPods"] = zone.Slots,
                        ["addresses"] = zone.Usable,
                        ["addressesUsed"] = zone.Taken,
                        ["addressesWhenFull"] = zone.Full,
                        ["prefixesWhenFull"] = zone.FullPrefixes,
                        ["prefixesFree"] = zone.WholePrefixes,
                    }
            ),
            ["subnets"] = Array(
                question.PodRooms,
                room =>
                    new()
                    {
                        ["name"] = room.Name,
                        ["zone"] = room.Zone,
                        ["cidr"] = room.Cidr.ToString(),
                        ["addresses"] = room.Usable,
                        ["used"] = room.Taken,
                        ["prefixesFree"] = room.FreePrefixes,
                    }
            ),
            ["limits"] = Array(
                answer.Limits,
                limit =>
                    new()
                    {
                        ["what"] = limit.What,
                        ["detail"] = limit.Detail,
                        ["nodes"] = limit.Nodes,
                        ["pods"] = limit.Pods,
                        ["mend"] = limit.Fix,
                    }
            ),
            ["networkAddressUnits"] = Units(answer, question.Units.Most),
            ["networkInterfaces"] = new JsonObject
            {
                ["now"] = answer.InterfacesNow,
                ["whenFull"] = answer.InterfacesFull,
                ["limit"] = question.Interfaces.Most,
            },
            ["alternatives"] = Array(
                report.Alternatives,
                row =>
                    new()
                    {
                        ["type"] = row.Type,
                        ["settings"] = row.Settings,
                        ["maxPods"] = row.MaxPods,
                        ["nodes"] = row.Nodes,
                        ["podAddresses"] = row.PodAddresses,
                        ["prefixes"] = row.Prefixes,
                        ["units"] = row.Units,
                        ["routable"] = row.Routable,
                        ["routableWithout"] = row.RoutableWithout,
                        ["perMonth"] = row.PerMonth,
                    }
            ),
            ["maxPods"] = Array(
                report.Forms,
                form =>
                    new()
                    {
                        ["kind"] = form.Kind,
                        ["where"] = form.Where,
                        ["text"] = form.Text,
                        ["note"] = form.Note,
                    }
            ),
            ["types"] = Array(report.Sources, one => new() { ["type"] = one.Type, ["limitsFrom"] = one.Source }),
            ["remarks"] = new JsonArray([.. answer.Remarks.Select(remark => (JsonNode)remark)]),
        }.ToPage();
    }

    public static string OfIpv6(string cluster) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Capacity",
            ["remarks"] = new JsonArray(CapacityText.OfIpv6(cluster)),
        }.ToPage();

    public static string Render(ModeAdvice advice) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "ModeAdvice",
            ["mode"] = advice.Mode,
            ["reasons"] = new JsonArray([.. advice.Reasons.Select(reason => (JsonNode)reason)]),
            ["traps"] = new JsonArray([.. advice.Traps.Select(trap => (JsonNode)trap)]),
        }.ToPage();

    private static JsonObject Units(CapacityAnswer answer, long most) =>
        new()
        {
            ["limit"] = most,
            ["byAddressAndPrefix"] = new JsonObject { ["now"] = answer.UnitsNow.ByPrefix, ["whenFull"] = answer.UnitsFull.ByPrefix },
            ["podsToo"] = new JsonObject { ["now"] = answer.UnitsNow.ByPod, ["whenFull"] = answer.UnitsFull.ByPod },
        };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> entry) => new([.. items.Select(entry)]);
}

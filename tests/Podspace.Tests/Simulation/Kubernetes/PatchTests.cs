using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Tests.Simulation.Kubernetes;

public sealed class PatchTests
{
    // The examples of RFC 7386, appendix A, that are about objects.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_merge_patch_merges_maps_and_replaces_the_rest(string target, string patch, string expected) =>
        Same(expected, MergePatch.Apply(Parse(target), Parse(patch)));

    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":{"x/y":1}}""", """[{"op":"remove","path":"/a/x~1y"}]""", """{"a":{}}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"replace","path":"/a/0","value":9}]""", """{"a":[9,2]}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/b"}]""", """{"b":1}""")]
    [InlineData("""{"a":{"c":1}}""", """[{"op":"copy","from":"/a","path":"/b"}]""", """{"a":{"c":1},"b":{"c":1}}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1},{"op":"replace","path":"/a","value":2}]""", """{"a":2}""")]
    public void A_JSON_patch_runs_its_operations_in_order(string target, string patch, string expected) =>
        Same(expected, JsonPatch.Apply(Parse(target), JsonNode.Parse(patch)));

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""", 422)]
    [InlineData("""[{"op":"remove","path":"/b"}]""", 422)]
    [InlineData("""[{"op":"add","path":"/x/y","value":1}]""", 422)]
    [InlineData("""[{"op":"paint","path":"/a"}]""", 400)]
    [InlineData("""{"a":1}""", 400)]
    public void A_JSON_patch_that_does_not_fit_is_refused(string patch, int status) =>
        Assert.Equal(status, Assert.Throws<WorldRefusal>(() => JsonPatch.Apply(Parse("""{"a":1}"""), JsonNode.Parse(patch))).Status);

    [Theory]
    // An env setting is found by its name, a container by its.
    [InlineData(
        """{"containers":[{"name":"a","image":"i","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]}""",
        """{"containers":[{"name":"a","env":[{"name":"X","value":"9"}]}]}""",
        """{"containers":[{"name":"a","image":"i","env":[{"name":"X","value":"9"},{"name":"Y","value":"2"}]}]}"""
    )]
    [InlineData(
        """{"env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}""",
        """{"env":[{"$patch":"delete","name":"X"}]}""",
        """{"env":[{"name":"Y","value":"2"}]}"""
    )]
    [InlineData(
        """{"env":[{"name":"X","value":"1"}]}""",
        """{"env":[{"$patch":"replace"},{"name":"Z","value":"3"}]}""",
        """{"env":[{"name":"Z","value":"3"}]}"""
    )]
    // Order is what the patch says it is; what only the server has keeps its place.
    [InlineData(
        """{"env":[{"name":"S"},{"name":"B"},{"name":"A"}]}""",
        """{"$setElementOrder/env":[{"name":"A"},{"name":"B"}],"env":[{"name":"A","value":"1"}]}""",
        """{"env":[{"name":"S"},{"name":"A","value":"1"},{"name":"B"}]}"""
    )]
    [InlineData(
        """{"ports":[{"containerPort":80,"protocol":"TCP"}]}""",
        """{"ports":[{"containerPort":80,"name":"web"}]}""",
        """{"ports":[{"containerPort":80,"protocol":"TCP","name":"web"}]}"""
    )]
    [InlineData("""{"ports":[{"port":80}]}""", """{"ports":[{"port":443}]}""", """{"ports":[{"port":80},{"port":443}]}""")]
    [InlineData(
        """{"conditions":[{"type":"Ready","status":"False"}]}""",
        """{"conditions":[{"type":"Ready","status":"True"}]}""",
        """{"conditions":[{"type":"Ready","status":"True"}]}"""
    )]
    // Tolerations and arguments have no key: they are replaced.
    [InlineData("""{"tolerations":[{"key":"a"}]}""", """{"tolerations":[{"key":"b"}]}""", """{"tolerations":[{"key":"b"}]}""")]
    [InlineData("""{"args":["a"]}""", """{"args":["b"]}""", """{"args":["b"]}""")]
    [InlineData("""{"finalizers":["a"]}""", """{"finalizers":["b"]}""", """{"finalizers":["a","b"]}""")]
    [InlineData("""{"finalizers":["a","b"]}""", """{"$deleteFromPrimitiveList/finalizers":["a"]}""", """{"finalizers":["b"]}""")]
    [InlineData(
        """{"strategy":{"type":"x","rollingUpdate":{"a":1}}}""",
        """{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}""",
        """{"strategy":{"type":"Recreate"}}"""
    )]
    [InlineData("""{"labels":{"a":"1","b":"2"}}""", """{"labels":{"a":null}}""", """{"labels":{"b":"2"}}""")]
    [InlineData("""{"spec":{"a":1}}""", """{"spec":{"$patch":"replace","b":2}}""", """{"spec":{"b":2}}""")]
    public void A_strategic_merge_patch_merges_keyed_lists_item_by_item(string target, string patch, string expected) =>
        Same(expected, StrategicMergePatch.Apply(Parse(target), Parse(patch)));

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), actual),
            $"expected {expected}{Environment.NewLine}     got {actual?.ToJsonString()}"
        );

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}

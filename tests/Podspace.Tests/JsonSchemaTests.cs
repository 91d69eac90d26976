using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Tests;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"1\"", "")]
    [InlineData("""{"type":"string"}""", "1", "$: 1 is an integer; it must be a string.")]
    [InlineData("""{"type":["object","null"]}""", "null", "")]
    [InlineData("""{"type":"number"}""", "3", "")]
    [InlineData("""{"type":"integer"}""", "3.5", "$: 3.5 is a number; it must be an integer.")]
    [InlineData("""{"type":"boolean"}""", "\"true\"", "$: \"true\" is a string; it must be a boolean.")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "$: \"c\" must be one of \"a\", \"b\".")]
    [InlineData("""{"const":1}""", "2", "$: 2 must be one of 1.")]
    [InlineData("""{"required":["id"]}""", "{}", "$.id: is missing but it is required.")]
    [InlineData("""{"minProperties":1}""", "{}", "$: has 0; 1 is the least.")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "$: has 2; 1 is the most.")]
    [InlineData("""{"minimum":0,"exclusiveMaximum":5}""", "5", "$: has 5, which is not below 5.")]
    [InlineData("""{"minLength":2}""", "\"x\"", "$: has 1; 2 is the least.")]
    [InlineData("""{"uniqueItems":true}""", "[1,1]", "$: holds a value twice.")]
    [InlineData("""{"items":{"type":"string"}}""", "[\"a\",2]", "$[1]: 2 is an integer; it must be a string.")]
    [InlineData("""{"pattern":"^sg-"}""", "\"subnet-1\"", "$: \"subnet-1\" does not match ^sg-.")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"a":1}""", "$.a: 1 is an integer; it must be a string.")]
    [InlineData(
        """{"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false}""",
        """{"xa":"1","y":1}""",
        "$.y: is not defined in the schema and the schema does not allow additional properties."
    )]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "$: 1 fits none of the forms that the schema allows.")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":0}]}""", "1", "$: 1 fits more than one of the forms that the schema allows.")]
    [InlineData("""{"not":{"type":"string"}}""", "\"x\"", "$: \"x\" is what the schema rules out.")]
    [InlineData(
        """{"$ref":"#/definitions/Text","definitions":{"Text":{"type":"string"}}}""",
        "1",
        "$: 1 is an integer; it must be a string."
    )]
    [InlineData("""{"$ref":"#/definitions/None"}""", "1", "$: the schema refers to #/definitions/None, which it does not hold.")]
    [InlineData("""{"$ref":"#"}""", "1", "$: the schema cannot be read here.")]
    [InlineData(
        """{"dependentSchemas":{}}""",
        "1",
        "$: the schema has the keyword dependentSchemas, which is not known here, so that this value is not checked."
    )]
    [InlineData("""{"format":"boolean","title":"t","description":"d","default":"x"}""", "\"yes\"", "")]
    public void A_value_is_held_against_each_keyword(string schema, string value, string problem) =>
        Assert.Equal(problem, string.Join('\n', JsonSchema.Check(JsonNode.Parse(schema)!, JsonNode.Parse(value))));
}

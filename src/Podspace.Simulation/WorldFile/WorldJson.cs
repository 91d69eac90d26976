using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Podspace.Simulation.Faults;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>The state's shape as the compiler knows it: keys, types and order, without
/// reflection. Reader, writer and schema test go by it.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(WorldState))]
[JsonSerializable(typeof(FaultPlan))]
internal sealed partial class WorldJson : JsonSerializerContext
{
    public static JsonTypeInfo TypeOf(Type type) => Default.GetTypeInfo(type)!;
}

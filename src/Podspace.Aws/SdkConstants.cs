using System.Runtime.CompilerServices;
using Amazon.EC2;
using Amazon.Runtime;

namespace Podspace.Aws;

/// <summary>The SDK's classes of constants.</summary>
internal static class SdkConstants
{
    /// <summary>Lets instance types be read as they come.</summary>
    /// <remarks>
    /// The SDK fills a table of a class's constants by reflection when it reads the first value.
    /// InstanceType has more than a thousand, which takes a
    /// native program 15 ms, a quarter of a plan. An empty table has it make each value it meets.
    /// Where an SDK has no such table, all stays as it was.
    /// </remarks>
    public static void ForgetInstanceTypes()
    {
        try
        {
            Tables(null).TryAdd(typeof(InstanceType), []);
        }
        catch (MissingFieldException)
        {
            // Slower, and right.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "staticFields")]
    private static extern ref Dictionary<Type, Dictionary<string, ConstantClass>> Tables(ConstantClass? unused);
}

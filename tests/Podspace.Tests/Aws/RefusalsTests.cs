using System.Net;
using Podspace.Applying;
using Podspace.Aws;

namespace Podspace.Tests.Aws;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData("UnauthorizedOperation", 403, RefusalKind.Denied)]
    [InlineData("authfailure", 401, RefusalKind.Denied)]
    [InlineData("AccessDeniedException", 403, RefusalKind.Denied)]
    [InlineData("ExpiredTokenException", 403, RefusalKind.Denied)]
    [InlineData("RequestLimitExceeded", 503, RefusalKind.Unavailable)]
    [InlineData("ThrottlingException", 429, RefusalKind.Unavailable)]
    [InlineData("ConcurrentTagAccess", 400, RefusalKind.Unavailable)]
    [InlineData("SomethingNew", 500, RefusalKind.Unavailable)]
    [InlineData("DependencyViolation", 400, RefusalKind.InUse)]
    [InlineData("InvalidCidrBlock.InUse", 400, RefusalKind.InUse)]
    [InlineData("InvalidGroup.InUse", 400, RefusalKind.InUse)]
    [InlineData("ResourceInUseException", 409, RefusalKind.Conflict)]
    [InlineData("IncorrectState", 400, RefusalKind.Conflict)]
    [InlineData("InvalidSecurityGroupID.NotFound", 400, RefusalKind.NotFound)]
    [InlineData("InvalidSecurityGroupId.NotFound", 400, RefusalKind.NotFound)]
    [InlineData("InvalidVpcCidrBlockAssociationID.NotFound", 400, RefusalKind.NotFound)]
    [InlineData("InvalidVpcCidrBlockAssociationIdError.NotFound", 400, RefusalKind.NotFound)]
    [InlineData("ResourceNotFoundException", 404, RefusalKind.NotFound)]
    [InlineData("InvalidVpc.Range", 400, RefusalKind.Final)]
    [InlineData("InvalidVpcRange", 400, RefusalKind.Final)]
    [InlineData("CidrLimitExceeded", 400, RefusalKind.Final)]
    [InlineData("InvalidSubnet.Conflict", 400, RefusalKind.Final)]
    public void A_code_means_one_thing(string code, int status, RefusalKind kind) =>
        Assert.Equal(kind, Refusals.KindOf(code, (HttpStatusCode)status));

    [Fact]
    public void The_caller_s_own_cancellation_is_no_refusal()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Null(Refusals.From(new OperationCanceledException(), source.Token));
        Assert.Equal(RefusalKind.Unavailable, Refusals.From(new OperationCanceledException(), default)!.Kind);
    }

    [Fact]
    public void A_bug_is_no_refusal() => Assert.Null(Refusals.From(new InvalidOperationException(), default));
}

using System.Collections.Frozen;
using System.Net;
using System.Security.Authentication;
using System.Xml;
using Amazon.Runtime;
using Podspace.Applying;
using Podspace.Model;

namespace Podspace.Aws;

/// <summary>What each of AWS's error codes means to us: one list, compared without case, because documentation and wire differ.</summary>
/// <remarks>Sources: EC2 API Reference, "Error codes"; EKS API model; where both spell a code differently, both are here.</remarks>
internal static class Refusals
{
    public const string NoAnswerCode = "NoAnswer";

    /// <summary>Something came, and it is not what was asked for.</summary>
    public const string InvalidAnswerCode = "InvalidAnswer";

    private const string RedirectedCode = "Redirected";

    private static readonly FrozenSet<string> Denied = Set(
        "UnauthorizedOperation",
        "AuthFailure",
        "AccessDenied",
        "AccessDeniedException",
        "NotAuthorized",
        "OptInRequired",
        "Blocked",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException"
    );

    private static readonly FrozenSet<string> Expired = Set(
        "ExpiredToken",
        "ExpiredTokenException",
        "TokenRefreshRequired",
        // EC2's word for a session that is over, and for a clock that is off by more than five minutes.
        "RequestExpired"
    );

    private static readonly FrozenSet<string> NotKnown = Set(
        "NoCredentials",
        "AuthFailure",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException"
    );

    private static readonly FrozenSet<string> Unavailable = Set(
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "EC2ThrottledException",
        "SlowDown",
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "InternalError",
        "InternalFailure",
        "ServerInternalException",
        "InternalServerError",
        "ServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
        "RequestTimeout",
        "RequestTimeoutException",
        // Two writers of tags on one resource at once. Source: EC2 API Reference, "Error codes": retry.
        "ConcurrentTagAccess"
    );

    private static readonly FrozenSet<string> InUse = Set(
        "DependencyViolation",
        "InvalidGroup.InUse",
        "InvalidNetworkInterface.InUse",
        // Of a block that is to leave its VPC, also for a moment after its last subnet is gone.
        "InvalidCidrBlock.InUse"
    );

    private static readonly FrozenSet<string> Conflict = Set(
        "ResourceInUseException",
        "IncorrectState",
        "ConflictException",
        "ConcurrentModificationException"
    );

    // EKS says "…NotFoundException", EC2 "….NotFound", in several spellings of what was not found.
    private static bool IsNotFound(string code) =>
        code.EndsWith(".NotFound", StringComparison.OrdinalIgnoreCase)
        || code.Equals("ResourceNotFoundException", StringComparison.OrdinalIgnoreCase)
        || code.Equals("NotFoundException", StringComparison.OrdinalIgnoreCase)
        // RAM's word.
        || code.Equals("UnknownResourceException", StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal that an exception of the SDK, of our REST calls or of the transport stands for; null
    /// when it is none: a bug, or the caller's own cancellation.</summary>
    public static Refusal? From(Exception exception, CancellationToken cancel) =>
        exception switch
        {
            Refused refused => refused.Refusal,
            OperationCanceledException when cancel.IsCancellationRequested => null,
            _ when Within<NotFollowed>(exception) is { } redirect => new(RefusalKind.Final, RedirectedCode, redirect.Message),
            _ when Within<NoAnswer>(exception) is { } answer => new(RefusalKind.Unavailable, InvalidAnswerCode, answer.Message),
            AmazonServiceException { ErrorCode: { Length: > 0 } } service => From(service),
            AmazonServiceException { StatusCode: not 0 } service => From(service),
            OperationCanceledException or TimeoutException => NoAnswer("the answer did not come in time"),
            _ when SharedFile.Fault(exception) is { } fault => Credentials.Unreadable(fault),
            HttpRequestException { InnerException: AuthenticationException tls } => NotTrusted(tls),
            AmazonServiceException { InnerException: HttpRequestException { InnerException: AuthenticationException tls } } => NotTrusted(
                tls
            ),
            XmlException broken => new(RefusalKind.Unavailable, InvalidAnswerCode, $"the answer was XML that is broken: {broken.Message}"),
            HttpRequestException or IOException => NoAnswer(exception.Message),
            AmazonServiceException => NoAnswer((exception.InnerException ?? exception).Message),
            AmazonClientException => new(RefusalKind.Denied, "NoCredentials", exception.Message),
            _ => null,
        };

    public static RefusalKind KindOf(string code, HttpStatusCode status)
    {
        if (Unavailable.Contains(code) || IsUnavailable(status))
        {
            return RefusalKind.Unavailable;
        }
        if (Denied.Contains(code) || Expired.Contains(code))
        {
            return RefusalKind.Denied;
        }
        if (InUse.Contains(code))
        {
            return RefusalKind.InUse;
        }
        if (Conflict.Contains(code))
        {
            return RefusalKind.Conflict;
        }
        return IsNotFound(code) ? RefusalKind.NotFound : RefusalKind.Final;
    }

    private static bool IsUnavailable(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    public static bool Is(Refusal refusal, params ReadOnlySpan<string> codes)
    {
        foreach (var code in codes)
        {
            if (refusal.Code.Equals(code, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    public static bool IsExpired(Refusal refusal) => Expired.Contains(refusal.Code);

    /// <summary>Reports whether a right is missing; EC2 does not always say which.</summary>
    public static bool IsNotAllowed(Refusal refusal) => refusal.Kind == RefusalKind.Denied && CauseOf(refusal) == GapCause.NotAllowed;

    public static GapCause CauseOf(Refusal refusal)
    {
        if (IsExpired(refusal) || NotKnown.Contains(refusal.Code))
        {
            return GapCause.NotSignedIn;
        }
        return refusal switch
        {
            { Kind: RefusalKind.Unavailable } => GapCause.NoAnswer,
            { Code: RedirectedCode } => GapCause.Broken,
            _ => GapCause.NotAllowed,
        };
    }

    private static Refusal From(AmazonServiceException exception)
    {
        var code = exception.ErrorCode is { Length: > 0 } text ? text : $"Http{(int)exception.StatusCode}";
        return new(KindOf(code, exception.StatusCode), code, exception.Message, exception.RequestId);
    }

    /// <summary>The SDK puts what its transport threw into exceptions of its own.</summary>
    private static T? Within<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not (null or T))
        {
            exception = exception.InnerException;
        }
        return exception as T;
    }

    private static Refusal NoAnswer(string why) => new(RefusalKind.Unavailable, NoAnswerCode, why);

    private static Refusal NotTrusted(AuthenticationException tls) =>
        new(
            RefusalKind.Final,
            "NotTrusted",
            $"The endpoint's certificate is not signed by an authority that this machine trusts: {tls.Message}"
        );

    private static FrozenSet<string> Set(params ReadOnlySpan<string> codes) =>
        codes.ToArray().ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}

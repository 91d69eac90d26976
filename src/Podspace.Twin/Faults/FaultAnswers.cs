using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Faults;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;

namespace Podspace.Twin.Faults;

/// <summary>Each service's own way to say that something went wrong.</summary>
internal static class FaultAnswers
{
    private const string RequestId = "00000000-0000-4000-a000-000000000000";

    public static TwinResponse Of(FaultVerdict verdict, string service)
    {
        var refusal = verdict.Rule.Code.Length > 0 ? Written(verdict.Rule) : Usual(verdict.Fault, service);
        return service switch
        {
            "kubernetes" => Kubernetes(refusal, verdict),
            "eks" or "servicequotas" or "ram" => new(
                refusal.Status,
                "application/json",
                Encoding.UTF8.GetBytes(new JsonObject { ["message"] = refusal.Message }.ToJsonString())
            )
            {
                Headers = [("x-amzn-RequestId", RequestId), ("x-amzn-ErrorType", refusal.Code)],
            },
            "sts" => Xml(StsEndpoint.Refusal(refusal, RequestId), refusal.Status),
            _ => Xml(Ec2Endpoint.Refusal(refusal, RequestId), refusal.Status),
        };
    }

    private static WorldRefusal Written(FaultRule rule) =>
        new(
            rule.Code,
            rule.Message.Length > 0 ? rule.Message : "Refused by a rule of the faults file.",
            rule.Status > 0 ? rule.Status : 400
        );

    // Sources: EC2 API Reference, "Error codes"; EKS and STS API References, "Common
    // Errors"; Kubernetes API conventions, "HTTP Status codes".
    private static WorldRefusal Usual(string fault, string service) =>
        (fault, service) switch
        {
            (FaultKinds.Throttle, "ec2") => new("RequestLimitExceeded", "Request limit exceeded.", 503),
            (FaultKinds.Throttle, "eks" or "servicequotas" or "ram") => new("ThrottlingException", "Rate exceeded", 429),
            (FaultKinds.Throttle, "sts") => new("Throttling", "Rate exceeded", 400),
            (FaultKinds.Throttle, _) => new(
                "TooManyRequests",
                "The server has received too many requests and has asked us to try again later",
                429
            ),
            (FaultKinds.Deny, "ec2") => new("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
            (FaultKinds.Deny, "eks" or "servicequotas" or "ram") => new(
                "AccessDeniedException",
                "User is not authorized to perform this operation",
                403
            ),
            (FaultKinds.Deny, "sts") => new("AccessDenied", "User is not authorized to perform this operation", 403),
            (FaultKinds.Deny, _) => new("Forbidden", "forbidden: User \"twin\" cannot do this", 403),
            (FaultKinds.Expire, "ec2") => new("RequestExpired", "Request has expired.", 400),
            (FaultKinds.Expire, "eks" or "servicequotas" or "ram") => new(
                "ExpiredTokenException",
                "The security token included in the request is expired",
                403
            ),
            (FaultKinds.Expire, "sts") => new("ExpiredToken", "The security token included in the request is expired", 403),
            (FaultKinds.Expire, _) => new("Unauthorized", "Unauthorized", 401),
            (_, "ec2") => new("InternalError", "An internal error has occurred.", 500),
            (_, "eks" or "servicequotas" or "ram") => new("ServerException", "There was an internal error.", 500),
            (_, "sts") => new("InternalFailure", "There was an internal error.", 500),
            (_, _) => new("InternalError", "Internal error occurred: etcdserver: request timed out", 500),
        };

    private static TwinResponse Kubernetes(WorldRefusal refusal, FaultVerdict verdict)
    {
        var answer = Answers.Json(refusal.Status, StatusObject.Of(refusal));
        return verdict.Fault == FaultKinds.Throttle
            ? answer with
            {
                Headers = [("Retry-After", ((int)verdict.Time.TotalSeconds).ToString(CultureInfo.InvariantCulture))],
            }
            : answer;
    }

    private static TwinResponse Xml(Xml answer, int status) =>
        new(status, "text/xml;charset=UTF-8", answer.ToBytes()) { Headers = [("x-amzn-RequestId", RequestId)] };
}

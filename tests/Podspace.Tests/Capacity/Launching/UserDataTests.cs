using System.IO.Compression;
using System.Text;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Nodes.Launching;

namespace Podspace.Tests.Capacity.Launching;

/// <summary>What user data says of max-pods, in every form in which nodes of EKS take it.</summary>
public sealed class UserDataTests
{
    private const string NodeConfig =
        "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  cluster:\n    name: prod\n  kubelet:\n";

    public static TheoryData<string, ToldPods> Texts =>
        new()
        {
            { $"---\n{NodeConfig}    config:\n      maxPods: 29\n", new ToldPods.Number(29, MaxPodsPlace.NodeConfigNumber) },
            {
                $"{NodeConfig}    maxPodsExpression: \"((default_enis - 1) * (ips_per_eni - 1)) + 2\"\n",
                new ToldPods.Formula("((default_enis - 1) * (ips_per_eni - 1)) + 2")
            },
            {
                $"{NodeConfig}    flags:\n      - --node-labels=a=b\n      - --max-pods=17\n    config:\n      maxPods: 29\n",
                new ToldPods.Number(17, MaxPodsPlace.NodeConfigFlag)
            },
            {
                $"{NodeConfig}    config:\n      maxPods: 29\n    maxPodsExpression: max_pods\n",
                new ToldPods.Number(29, MaxPodsPlace.NodeConfigNumber)
            },
            { $"{NodeConfig}    config:\n      clusterDNS: [172.20.0.10]\n", new ToldPods.Usual(MaxPodsPlace.NodeConfigExpression) },
            {
                $"{NodeConfig}    maxPodsExpression: math.least(110, max_pods)\n",
                new ToldPods.Unknown("its maxPodsExpression says more than is understood here")
            },
            {
                $"{NodeConfig}    config:\n      maxPods: ${{max_pods}}\n",
                new ToldPods.Unknown("its NodeConfig names a max-pods that is no number")
            },
            { $"{NodeConfig}\t config: {{\n", new ToldPods.Unknown("its NodeConfig is not YAML that can be read here (line 7, column 1)") },
            {
                Mime($"Content-Type: application/node.eks.aws\n\n---\n{NodeConfig}    config:\n      maxPods: 58\n"),
                new ToldPods.Number(58, MaxPodsPlace.NodeConfigNumber)
            },
            {
                Mime(
                    "Content-Type: text/x-shellscript; charset=\"us-ascii\"\n\n#!/bin/bash\necho hello\n",
                    $"Content-Type: application/node.eks.aws\n\n{NodeConfig}    config:\n      maxPods: 58\n",
                    $"Content-Type: application/node.eks.aws\n\n{NodeConfig}    config:\n      maxPods: 20\n"
                ),
                new ToldPods.Number(20, MaxPodsPlace.NodeConfigNumber)
            },
            {
                Mime(
                    $"Content-Type: application/node.eks.aws\nContent-Transfer-Encoding: base64\n"
                        + $"\n{Base64($"{NodeConfig}    config:\n      maxPods: 58\n")}\n"
                ),
                new ToldPods.Number(58, MaxPodsPlace.NodeConfigNumber)
            },
            {
                Mime($"Content-Type: application/node.eks.aws\n\n{NodeConfig}    config:\n      maxPods: 58\n").Replace("\n", "\r\n"),
                new ToldPods.Number(58, MaxPodsPlace.NodeConfigNumber)
            },
            {
                "[settings.kubernetes]\ncluster-name = \"prod\"\nmax-pods = 29 # as before\n",
                new ToldPods.Number(29, MaxPodsPlace.Bottlerocket)
            },
            { "[settings]\nkubernetes.max-pods = 29\n", new ToldPods.Number(29, MaxPodsPlace.Bottlerocket) },
            { "settings.kubernetes.\"max-pods\" = 29\n", new ToldPods.Number(29, MaxPodsPlace.Bottlerocket) },
            { "[settings]\nkubernetes = { cluster-name = \"prod\", max-pods = 29 }\n", new ToldPods.Number(29, MaxPodsPlace.Bottlerocket) },
            {
                "[settings.kubernetes]\ncluster-name = \"prod\"\n[settings.host-containers.admin]\nmax-pods = 3\n",
                new ToldPods.Usual(MaxPodsPlace.Bottlerocket)
            },
            {
                "[settings.\"kubernetes\"]\n\"max-pods\" = 29\n[settings.host-containers.admin]\n"
                    + "user-data = \"\"\"\n[settings.kubernetes]\nmax-pods = 3\n\"\"\"\n",
                new ToldPods.Number(29, MaxPodsPlace.Bottlerocket)
            },
            { "settings = { kubernetes = { 'max-pods' = 0x1D } }\n", new ToldPods.Number(29, MaxPodsPlace.Bottlerocket) },
            {
                "settings.kubernetes = { pod-pids-limit = 5, max-pods = 2_9 } # was 58\n",
                new ToldPods.Number(29, MaxPodsPlace.Bottlerocket)
            },
            {
                "# max-pods = 58\n[settings.kubernetes] # max-pods = 58\n\"max-pods\" = '29'\n",
                new ToldPods.Number(29, MaxPodsPlace.Bottlerocket)
            },
            { "[settings.kubernetes]\nmotd = \"max-pods = 3\"\n", new ToldPods.Usual(MaxPodsPlace.Bottlerocket) },
            { "[settings.kubernetes]\nmax-pods = 29.5\n", new ToldPods.Unknown("its max-pods is no number (line 2, column 12)") },
            {
                "[settings.kubernetes]\ncluster-name = \"prod\nmax-pods = 29\n",
                new ToldPods.Unknown(
                    "its Bottlerocket settings are not TOML: line 2, column 21: a key, a value or a bracket is missing there, or not "
                        + "written as TOML wants it"
                )
            },
            {
                "[settings.kubernetes]\nmax-pods = 29\nmax-pods = 58\n",
                new ToldPods.Unknown(
                    "its Bottlerocket settings are not TOML: line 3, column 1: a key or a table stands there a second time"
                )
            },
            {
                "settings.x = " + new string('[', 100_000),
                new ToldPods.Unknown("its Bottlerocket settings are not TOML: values are nested too deep")
            },
            { "#!/bin/bash\n/etc/eks/bootstrap.sh prod\n", new ToldPods.Usual(MaxPodsPlace.BootstrapScript) },
            {
                "#!/bin/bash\n# /etc/eks/bootstrap.sh prod --kubelet-extra-args '--max-pods=5'\n"
                    + "/etc/eks/bootstrap.sh prod \\\n  --use-max-pods false \\\n  --kubelet-extra-args '--node-labels=a=b "
                    + "--max-pods=29'\n",
                new ToldPods.Number(29, MaxPodsPlace.BootstrapScript)
            },
            {
                "#!/bin/bash\nexport PODS=29\nARGS=\"--max-pods=20\"\n"
                    + "/etc/eks/bootstrap.sh prod --kubelet-extra-args \"--max-pods ${PODS}\"\n",
                new ToldPods.Number(29, MaxPodsPlace.BootstrapScript)
            },
            {
                "#!/bin/bash\nARGS='--max-pods=20'\n/etc/eks/bootstrap.sh prod --kubelet-extra-args \"$ARGS\"\n",
                new ToldPods.Number(20, MaxPodsPlace.BootstrapScript)
            },
            { "#!/bin/bash\n/etc/eks/bootstrap.sh prod --use-max-pods false\n", new ToldPods.Number(110, MaxPodsPlace.BootstrapScript) },
            {
                "#!/bin/bash\n/etc/eks/bootstrap.sh prod --kubelet-extra-args \"--max-pods=$(curl -s http://example.com)\"\n",
                new ToldPods.Unknown("its script works out --max-pods only when it runs")
            },
            {
                "#!/bin/bash\n/etc/eks/bootstrap.sh prod --kubelet-extra-args \"$EXTRA\"\n",
                new ToldPods.Unknown("its script puts the kubelet's arguments together only when it runs")
            },
            {
                Mime("Content-Type: text/x-shellscript\n\n#!/bin/bash\n/etc/eks/bootstrap.sh prod --kubelet-extra-args '--max-pods=29'\n"),
                new ToldPods.Number(29, MaxPodsPlace.BootstrapScript)
            },
            {
                "<powershell>\n[string]$EKSBootstrapScriptFile = 1\n</powershell>\n",
                new ToldPods.Unknown("its user data is neither a NodeConfig nor Bottlerocket's settings, and calls no bootstrap.sh")
            },
            { "", new ToldPods.Unknown("it has no user data") },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_form_is_read(string text, ToldPods told)
    {
        Assert.Equal(told, UserData.Read(Base64(text)));
        Assert.Equal(told, UserData.Read(text));
    }

    [Fact]
    public void Compressed_user_data_is_read_too_and_a_broken_one_is_unknown()
    {
        Assert.Equal(
            new ToldPods.Number(29, MaxPodsPlace.Bottlerocket),
            UserData.Read(Convert.ToBase64String(Zipped("[settings.kubernetes]\nmax-pods = 29\n")))
        );
        Assert.Equal(
            new ToldPods.Unknown("its user data is compressed and cannot be read"),
            UserData.Read(Convert.ToBase64String([0x1f, 0x8b, 1, 2, 3]))
        );
    }

    [Fact]
    public void What_a_little_user_data_unpacks_to_is_not_believed_without_end()
    {
        var bomb = Zipped($"[settings.kubernetes]\nmax-pods = 29\n{new string('#', 50_000_000)}");
        Assert.Equal(new ToldPods.Number(29, MaxPodsPlace.Bottlerocket), UserData.Read(Convert.ToBase64String(bomb)));
    }

    /// <summary>So a copy of a launch template tells its nodes what the original does, and holds nothing else.</summary>
    [Theory]
    [MemberData(nameof(Texts))]
    public void The_least_user_data_says_the_same(string text, ToldPods told)
    {
        _ = text;
        Assert.Equal(told is ToldPods.Unknown ? new ToldPods.Unknown("it has no user data") : told, UserData.Read(LeastUserData.Of(told)));
    }

    [Theory]
    [InlineData("((default_enis - 1) * (ips_per_eni - 1)) + 2", 20)]
    [InlineData("max_pods", 29)]
    [InlineData("417", 417)]
    [InlineData("max_pods > 20 ? 20 : max_pods", 20)]
    [InlineData("default_enis == 3 && !(ips_per_eni < 10) ? 7 : 8", 7)]
    [InlineData("(default_enis < 2 || ips_per_eni >= 10 ? 100 : 1) % 30", 10)]
    [InlineData("-5 + max_pods / 2", 9)]
    [InlineData("default_enis - 3", 29)]
    [InlineData("10 / (default_enis - 3)", 29)]
    [InlineData("9223372036854775807 * 2", 29)]
    public void Expressions_are_counted_as_nodeadm_counts_them(string expression, int pods) =>
        Assert.Equal(pods, MaxPodsExpression.Parse(expression)!.On(InstanceLimits.Find("m5.large")!));

    [Theory]
    [InlineData("")]
    [InlineData("1 +")]
    [InlineData("true")]
    [InlineData("1.5 * max_pods")]
    [InlineData("vcpus * 10")]
    [InlineData("int(max_pods)")]
    [InlineData("max_pods ? 1 : 2")]
    [InlineData("true ? 1 : false")]
    [InlineData("(1")]
    public void What_is_not_understood_is_not_guessed(string expression) => Assert.Null(MaxPodsExpression.Parse(expression));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Mime(params string[] parts) =>
        $"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"//\"\n\n"
        + $"{string.Concat(parts.Select(part => $"--//\n{part}\n"))}--//--\n";

    private static byte[] Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }
        return bytes.ToArray();
    }
}

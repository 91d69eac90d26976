namespace Podspace.Design;

/// <summary>Codes of findings that a design makes. Stable for ever; docs/findings.md explains each.</summary>
internal static class DesignCodes
{
    // What is designed from: account, region, VPC, cluster, and whether they could be read.
    public const string OtherAccount = "PS1001";
    public const string OtherRegion = "PS1002";
    public const string NoVpc = "PS1003";
    public const string NoCluster = "PS1004";
    public const string ClusterElsewhere = "PS1005";
    public const string NotSeen = "PS1006";
    public const string NotInThisVersion = "PS1007";
    public const string ModeUndecided = "PS1008";
    public const string NoVpcCni = "PS1009";
    public const string ClusterNotAsked = "PS1010";
    public const string SharedVpc = "PS1011";
    public const string AcceptanceOver = "PS1012";
    public const string AcceptanceIdle = "PS1013";
    public const string ClusterMistyped = "PS1014";

    // Blocks.
    public const string BlockRestricted = "PS1101";
    public const string BlockUnderRoute = "PS1102";
    public const string BlockOverlaps = "PS1103";
    public const string BlockOfPeer = "PS1104";
    public const string PeeringPending = "PS1105";
    public const string BlockOfServices = "PS1106";
    public const string TooManyBlocks = "PS1107";
    public const string TooManyRoutes = "PS1108";
    public const string NoBlockFits = "PS1109";
    public const string BlockIsPrimary = "PS1110";
    public const string BlockNotUsable = "PS1111";
    public const string BlockClaimed = "PS1112";
    public const string RouteHidden = "PS1113";

    // Zones and subnets.
    public const string ZoneUnknown = "PS1201";
    public const string ZoneClosed = "PS1202";
    public const string ZoneKind = "PS1203";
    public const string NoZones = "PS1204";
    public const string SubnetUnknown = "PS1205";
    public const string SubnetElsewhere = "PS1206";
    public const string NoRoom = "PS1207";
    public const string TooManySubnets = "PS1208";
    public const string ClusterSubnet = "PS1209";
    public const string NodesInPodSubnet = "PS1210";
    public const string SubnetExcluded = "PS1211";
    public const string AclUnknown = "PS1212";
    public const string SubnetUnshared = "PS1213";

    // Routing.
    public const string TooManyTables = "PS1301";
    public const string NoWayOut = "PS1302";
    public const string GatewayUnknown = "PS1303";
    public const string RouteToItself = "PS1304";

    // Groups.
    public const string GroupUnknown = "PS1401";
    public const string GroupNameTaken = "PS1402";
    public const string TooManyGroups = "PS1403";
    public const string TooManyRules = "PS1404";
    public const string GroupsNotChosen = "PS1406";
    public const string ClusterTags = "PS1405";

    // Cluster and CNI.
    public const string IpVersionSix = "PS1501";
    public const string TooFewInterfaces = "PS1502";
    public const string NoPrefixes = "PS1503";
    public const string CniTooOld = "PS1504";
    public const string AddonCannotWrite = "PS1505";
    public const string EniConfigTaken = "PS1506";
    public const string ValuesNotReadable = "PS1507";
    public const string ModesExclude = "PS1508";
    public const string TooManyPods = "PS1509";

    // Auto Mode.
    public const string AutoModeOff = "PS1521";
    public const string NoNodeRole = "PS1522";
    public const string RoleStays = "PS1523";
    public const string AutoNameTaken = "PS1524";
    public const string PoolUnknown = "PS1525";
    public const string BuiltInName = "PS1526";
    public const string NoAccessEntries = "PS1527";
    public const string EntryUnfit = "PS1528";
    public const string CannotKeepAddress = "PS1529";
    public const string NoNodeSubnets = "PS1530";
    public const string WeightAtMost = "PS1531";

    // What the world looks like: warnings and notes.
    public const string Unchecked = "PS2001";
    public const string NoSpareZone = "PS2002";
    public const string FromEvidence = "PS2005";
    public const string SizeKept = "PS2003";
    public const string ZoneKept = "PS2004";
    public const string ModeChosen = "PS2008";
    public const string ManyAddresses = "PS2101";
    public const string TransitGateway = "PS2107";
    public const string VpnGateway = "PS2108";
    public const string PeeringOpen = "PS2109";
    public const string SharedTags = "PS2201";
    public const string MainTable = "PS2202";
    public const string AclDenies = "PS2203";
    public const string SmallSubnet = "PS2204";
    public const string SharedSubnet = "PS2205";
    public const string RouteMissing = "PS2206";
    public const string AclKept = "PS2207";
    public const string RuleMissing = "PS2311";
    public const string NodeGroupsDiffer = "PS2312";
    public const string PodsNotAdmitted = "PS2313";
    public const string Windows = "PS2401";
    public const string Fargate = "PS2402";
    public const string Hybrid = "PS2403";
    public const string CniToAvoid = "PS2404";
    public const string SourceChanges = "PS2405";
    public const string NodeOverrides = "PS2406";
    public const string AddonNotWell = "PS2407";
    public const string LiveWriter = "PS2408";
    public const string AutoNodes = "PS2409";
    public const string LocalZone = "PS2410";
    public const string PodsMix = "PS2411";
    public const string OtherClusters = "PS2412";
    public const string OtherPools = "PS2421";
    public const string AutoZoneLeftOut = "PS2422";
}

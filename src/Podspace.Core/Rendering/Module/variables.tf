variable "name" {
  description = "Name of the overlay: part of tags and names. Never change it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", var.name))
    error_message = "A DNS label of at most 40 characters: lower-case letters, digits and hyphens, starting and ending with a letter or digit."
  }
}

variable "region" {
  description = "Of the VPC; ENIConfigs in the add-on's values name it."
  type        = string
}

variable "vpc_id" {
  description = "The VPC that gets the pod network."
  type        = string
}

variable "cluster_name" {
  description = "The EKS cluster whose pods live here; null: none yet."
  type        = string
  default     = null
}

variable "blocks" {
  description = "Secondary blocks to associate with the VPC, /16 to /28 each. One that it has already does not belong here."
  type        = set(string)
  default     = []
}

variable "subnets" {
  description = "Pod subnets to make, by zone. A further one of a zone has another key and names its zone. reserved: blocks kept whole for /28 prefixes. route_table: a key of route_tables; null: the VPC's main table."
  type = map(object({
    cidr_block  = string
    zone        = optional(string)
    name        = optional(string)
    route_table = optional(string, "pods")
    reserved    = optional(set(string), [])
    tags        = optional(map(string), {})
  }))
  default = {}
}

variable "existing_subnets" {
  description = "Pod subnets that are there already, by zone. They are used as they are; with a route_table they are associated with it."
  type = map(object({
    id          = string
    route_table = optional(string)
  }))
  default = {}
}

variable "route_tables" {
  description = "Route tables of the pod subnets, by name; routes: destination to gateway id (tgw-, nat-, pcx- or vgw-). The VPC's local routes come by themselves."
  type = map(object({
    zone   = optional(string)
    routes = optional(map(string), {})
  }))
  default = {
    pods = {}
  }
}

variable "security_group" {
  description = "A group of the pods' own; admit: every block of the VPC, the pods' among them. null: pods carry security_group_ids, or their node's groups."
  type = object({
    name        = string
    description = string
    admit       = optional(set(string), [])
  })
  default = null
}

variable "security_group_ids" {
  description = "Groups of the pods that are there already."
  type        = list(string)
  default     = []
}

variable "admitting_rules" {
  description = "Rules by which groups of the control plane and of the nodes admit the pods, by a name of your choice. With a group of the pods' own they are needed: without them pods reach neither the API server nor DNS on older nodes."
  type = map(object({
    security_group_id = string
    ip_protocol       = optional(string, "-1")
    from_port         = optional(number)
    to_port           = optional(number)
    description       = optional(string, "Pods to nodes and to pods on older nodes")
  }))
  default = {}
}

variable "addon" {
  description = "The managed vpc-cni add-on. values: what of its document is not this module's, as JSON, because EKS takes the document as a whole. eni_configs: they stand in the document, too. null: there is none."
  type = object({
    cluster_name                = optional(string)
    values                      = optional(string, "{}")
    env                         = optional(map(string), {})
    eni_configs                 = optional(bool, true)
    resolve_conflicts_on_create = optional(string)
    resolve_conflicts_on_update = optional(string, "NONE")
  })
  default = null
}

variable "create_addon" {
  description = "False: another module makes the add-on, with output addon_configuration_values."
  type        = bool
  default     = true
}

variable "max_pods_expression" {
  description = "How many pods a node may take, in nodeadm's words, for output node_config. The default leaves out the interface that stays the node's own; with prefixes it is another one."
  type        = string
  default     = "((default_enis - 1) * (ips_per_eni - 1)) + 2"
}

variable "network_acl_id" {
  description = "The network ACL that the subnets of this module get; null leaves them the VPC's default."
  type        = string
  default     = null
}

variable "subnet_roles" {
  description = "What subnet discovery is told of subnets that this module does not make, by subnet id: 1 or 0."
  type        = map(string)
  default     = {}
}

variable "node_role_arns" {
  description = "IAM roles of EKS Auto Mode's NodeClasses that need an access entry."
  type        = set(string)
  default     = []
}

variable "names" {
  description = "Templates of Name tags; {name}, {zone} and {cluster} are filled in."
  type = object({
    subnet      = optional(string, "{name}/pods-{zone}")
    route_table = optional(string, "{name}/pods")
  })
  default = {}
}

variable "tags" {
  description = "Further tags on everything made."
  type        = map(string)
  default     = {}
}

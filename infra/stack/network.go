package stack

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// network is a VPC from which functions call the outside with fixed addresses, for
// providers, the platform and authorities that allow by address.
type network struct {
	vpc   awsec2.Vpc
	group awsec2.SecurityGroup
}

// outside reports whether a function calls the outside: a provider, the platform's
// webhook, or the address of a revocation list. The functions never call a bank: browsers
// and banks call them.
func outside(name string) bool {
	return slices.Contains(functions[name].May, askProviders) ||
		slices.Contains([]string{"account-card", "card-answer", "notify"}, name)
}

// newNetwork creates the VPC: in each zone a NAT gateway with an address of its own that
// stays, and a private subnet for the functions. The table is reached through a gateway
// endpoint, the other services of AWS through the NAT gateways, so no interface endpoint
// is needed.
func newNetwork(scope constructs.Construct, s Settings, key awskms.IKey) *network {
	if !s.VPC {
		return nil
	}
	zones, addresses := []string{}, []*string{}
	for _, zone := range s.VPCZones {
		zones = append(zones, string(s.Region)+zone)
		address := awsec2.NewCfnEIP(scope, jsii.String("EgressAddress"+strings.ToUpper(zone)), &awsec2.CfnEIPProps{
			Domain: jsii.String("vpc"),
		})
		address.ApplyRemovalPolicy(removal(s), nil)
		addresses = append(addresses, address.AttrAllocationId())
		awscdk.NewCfnOutput(scope, jsii.String("EgressAddress"+strings.ToUpper(zone)+"Ip"), &awscdk.CfnOutputProps{
			Value: address.AttrPublicIp(),
		})
	}
	vpc := awsec2.NewVpc(scope, jsii.String("Vpc"), &awsec2.VpcProps{
		VpcName: jsii.String(s.Name("vpc")), IpAddresses: awsec2.IpAddresses_Cidr(jsii.String(s.VPCCIDR)),
		AvailabilityZones: jsii.Strings(zones...), NatGateways: jsii.Number(len(zones)),
		NatGatewayProvider: awsec2.NatProvider_Gateway(&awsec2.NatGatewayProps{EipAllocationIds: &addresses}),
		SubnetConfiguration: &[]*awsec2.SubnetConfiguration{
			{
				Name: jsii.String("public"), SubnetType: awsec2.SubnetType_PUBLIC, CidrMask: jsii.Number(28),
				MapPublicIpOnLaunch: jsii.Bool(false),
			},
			{Name: jsii.String("functions"), SubnetType: awsec2.SubnetType_PRIVATE_WITH_EGRESS, CidrMask: jsii.Number(22)},
		},
		RestrictDefaultSecurityGroup: jsii.Bool(false), // it takes a function of the CDK, and nothing uses the group
	})
	vpc.AddGatewayEndpoint(jsii.String("TableEndpoint"), &awsec2.GatewayVpcEndpointOptions{
		Service: awsec2.GatewayVpcEndpointAwsService_DYNAMODB(),
	})
	logs := newLogGroup(scope, s, "VpcLogs", "/aws/vendedlogs/vpc/"+s.Name("vpc"), key)
	role := awsiam.NewRole(scope, jsii.String("VpcLogsRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("vpc-flow-logs.amazonaws.com"), nil),
		Description: jsii.String("Flow log of " + s.Name("vpc")),
	})
	vpc.AddFlowLog(jsii.String("FlowLog"), &awsec2.FlowLogOptions{
		Destination: awsec2.FlowLogDestination_ToCloudWatchLogs(logs, role), TrafficType: awsec2.FlowLogTrafficType_REJECT,
	})
	n := &network{vpc: vpc, group: awsec2.NewSecurityGroup(scope, jsii.String("VpcGroup"), &awsec2.SecurityGroupProps{
		Vpc: vpc, SecurityGroupName: jsii.String(s.Name("functions")), AllowAllOutbound: jsii.Bool(false),
		Description: jsii.String("Functions that call the outside, over TLS; revocation lists also over HTTP"),
	})}
	for _, port := range []float64{443, 80} {
		n.group.AddEgressRule(awsec2.Peer_AnyIpv4(), awsec2.Port_Tcp(jsii.Number(port)), nil, nil)
	}
	suppress(vpc, "Nothing uses the default security group. Emptying it takes a function of the CDK.",
		"NIST.800.53.R5-VPCDefaultSecurityGroupClosed")
	suppress(vpc, "The public subnets hold only the NAT gateways, which need the route.",
		"NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW")
	suppress(role, "The policy belongs to the role of this flow log and goes with it.",
		"NIST.800.53.R5-IAMNoInlinePolicy")
	return n
}

// connect puts a function into the VPC if it calls the outside. The CDK would attach
// AWS's managed policy to its role.
func (n *network) connect(name string, function awslambda.Function, role awsiam.Role) {
	if n == nil || !outside(name) {
		return
	}
	function.Node().DefaultChild().(awslambda.CfnFunction).SetVpcConfig(&awslambda.CfnFunction_VpcConfigProperty{
		SubnetIds: n.vpc.SelectSubnets(&awsec2.SubnetSelection{
			SubnetType: awsec2.SubnetType_PRIVATE_WITH_EGRESS,
		}).SubnetIds,
		SecurityGroupIds: &[]*string{n.group.SecurityGroupId()},
	})
	role.AddToPolicy(allow([]*string{jsii.String("*")}, nil, vpcActions...))
	function.Node().AddDependency(n.vpc)
}

// vpcActions let Lambda connect a function to the VPC. IAM has no resource for the
// interfaces that do not exist yet (Lambda Developer Guide, "Giving Lambda functions
// access to resources in an Amazon VPC").
var vpcActions = []string{
	"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
	"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
}

package stack

import (
	"slices"
	"strings"
	"testing"
)

func TestFunctionsThatCallTheOutsideDoSoFromFixedAddresses(t *testing.T) {
	v := fixed.synth(t)
	for name := range functions {
		config := v.function(t, name).at("VpcConfig")
		if (config != nil) != outside(name) {
			t.Errorf("%s is in the VPC: %v", name, config != nil)
		}
		if config != nil && (len(asList(at(config, "SubnetIds"))) != 2 || len(asList(at(config, "SecurityGroupIds"))) != 1 ||
			strings.Contains(flat(config), "public")) {
			t.Errorf("%s: %s", name, flat(config))
		}
	}
	for _, name := range []string{"enterprise", "sms-codes", "notify", "card-answer"} {
		if !outside(name) {
			t.Errorf("%s calls the outside", name)
		}
	}
	gateways, addresses := v.of("AWS::EC2::NatGateway"), v.of("AWS::EC2::EIP")
	if len(gateways) != 2 || len(addresses) != 2 || v.stacks["core"].Outputs["EgressAddressAIp"] == nil {
		t.Fatalf("%d gateways, %d addresses", len(gateways), len(addresses))
	}
	for i, g := range gateways {
		if !slices.ContainsFunc(addresses, func(a resource) bool {
			_, id, _ := strings.Cut(a.ID, "/")
			return strings.Contains(flat(g.at("AllocationId")), id)
		}) || flat(g.at("SubnetId")) == flat(gateways[1-i].at("SubnetId")) {
			t.Errorf("%s: %+v", g.ID, g.Properties)
		}
	}
	if e := v.only(t, "AWS::EC2::VPCEndpoint"); !strings.Contains(flat(e.at("ServiceName")), ".dynamodb") ||
		len(asList(e.at("RouteTableIds"))) < 2 {
		t.Errorf("%+v", e.Properties)
	}
	for _, rule := range asList(v.only(t, "AWS::EC2::SecurityGroup").at("SecurityGroupEgress")) {
		if port := at(rule, "ToPort"); port != 443.0 && port != 80.0 {
			t.Errorf("port %v is open", port)
		}
	}
	if got := v.only(t, "AWS::EC2::SecurityGroup").at("SecurityGroupIngress"); got != nil {
		t.Errorf("lets in %v", got)
	}
}

func TestWithoutTheSettingThereIsNoNetwork(t *testing.T) {
	for _, v := range []*variant{dev, prod, china} {
		for _, kind := range []string{"AWS::EC2::VPC", "AWS::EC2::NatGateway", "AWS::EC2::EIP"} {
			if got := v.synth(t).of(kind); len(got) > 0 {
				t.Errorf("%s: %s", v.Name, got[0].ID)
			}
		}
	}
}

func TestAProtectedStageKeepsItsAddresses(t *testing.T) {
	for _, a := range fixed.synth(t).of("AWS::EC2::EIP") {
		if a.DeletionPolicy != "RetainExceptOnCreate" {
			t.Errorf("%s: %s", a.ID, a.DeletionPolicy)
		}
	}
}

package verification

import (
	"context"
	"errors"

	"realname/shared/realname"
)

// unconfigured stands for a provider that the stage has not been given: every
// check answers that it is not available.
type unconfigured struct{}

var errUnconfigured = errors.New("no provider is configured for this check")

func (unconfigured) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

func (unconfigured) CheckIDCard(context.Context, realname.IDCardQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

func (unconfigured) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

func (unconfigured) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

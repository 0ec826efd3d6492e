package verification

import (
	"context"
	"errors"

	"realname/shared/realname"
)

// unconfigured replaces a provider that the stage does not have. Every check is
// unavailable.
type unconfigured struct{}

var errUnconfigured = errors.New("check: no provider is configured; set its REALNAME_…_PROVIDERS")

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

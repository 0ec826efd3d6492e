package server

import (
	"net/url"
	"time"

	"realname/shared/provider/aliyun"
	"realname/shared/provider/baidu"
	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/verification"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
)

// Simulator is the address of a provider's simulator and the key of its account.
type Simulator struct {
	Endpoint *url.URL
	ID, Key  string
}

// Simulators are the providers that answer instead of the built-in sandbox, in this
// order; nil for those that do not.
type Simulators struct{ Tencent, Aliyun, Baidu *Simulator }

// Config returns the configuration that uses the simulators, and its ports.
func (s Simulators) Config() (wiring.Providers, provider.Ports) {
	c, p := wiring.Providers{}, provider.Ports{Now: time.Now, NewID: wiring.NewID}
	parameters := []string{"code", "minutes"}
	if t := s.Tencent; t != nil {
		c.Tencent = wiring.Tencent{
			Region: "ap-guangzhou", Endpoint: t.Endpoint,
			SMSApp: "1400000000", SMSSign: "单一窗口", SMSTemplate: "1", SMSParameters: parameters,
		}
		p.Tencent = credential.Fixed(tencent.Credentials{SecretID: t.ID, SecretKey: t.Key})
		c.Registry, c.IDCard = append(c.Registry, tencent.Name), append(c.IDCard, tencent.Name)
		c.BankCard, c.SMS = append(c.BankCard, tencent.Name), append(c.SMS, tencent.Name)
	}
	if a := s.Aliyun; a != nil {
		c.Aliyun = wiring.Aliyun{
			Endpoint: a.Endpoint, SMSSign: "单一窗口", SMSTemplate: "SMS_1", SMSParameters: parameters,
		}
		p.Aliyun = credential.Fixed(aliyun.Credentials{AccessKeyID: a.ID, AccessKeySecret: a.Key})
		c.Registry, c.IDCard = append(c.Registry, aliyun.Name), append(c.IDCard, aliyun.Name)
		c.BankCard, c.SMS = append(c.BankCard, aliyun.Name), append(c.SMS, aliyun.Name)
	}
	if b := s.Baidu; b != nil {
		c.Baidu = wiring.Baidu{Endpoint: b.Endpoint}
		p.Baidu = credential.Fixed(baidu.Credentials{APIKey: b.ID, SecretKey: b.Key})
		c.Registry, c.IDCard = append(c.Registry, baidu.Name), append(c.IDCard, baidu.Name)
	}
	return c, p
}

// recipients names the simulators, and the sandbox for a check that none of them offers.
func (s Simulators) recipients() realname.Recipients {
	c, _ := s.Config()
	all := c.Recipients()
	for check, names := range all {
		if len(names) == 0 {
			all[check] = []string{"sandbox"}
		}
	}
	return all
}

// messages returns the simulator that keeps the messages; nil for the sandbox.
func (s Simulators) messages() *Simulator {
	if s.Tencent != nil {
		return s.Tencent
	}
	return s.Aliyun
}

// checks connects the sandbox, or the adapters with their guards as in deployed
// functions. A check that no simulator offers stays with the sandbox.
func (s *Server) checks(v *verification.Verification) {
	v.Registry, v.IDCards, v.BankCards, v.SMS = s.provider, s.provider, s.provider, s.provider
	c, p := s.opts.Simulators.Config()
	if len(c.Names()) == 0 {
		return
	}
	c.SecondOpinion = s.opts.SecondOpinion
	p.States, p.Now, p.Log = s.store(), s.now, s.opts.Log
	p.Settings = provider.Settings(s.store(), s.form.settingsLife, s.now)
	provider.Over(c, p, v)
}

package main

import (
	"fmt"
	"net/url"
	"strings"

	"realname/local/server"
)

// simulators are the flags that name the simulators of providers (go run ./cmd/providersim).
//
//nolint:lll // kong reads the help from the tags
type simulators struct {
	Tencent    *url.URL `placeholder:"URL" help:"Use a simulator of Tencent Cloud (go run ./cmd/providersim), through the same adapter and guards as deployed functions."`
	TencentKey string   `default:"AKIDsimulated:simulated" placeholder:"ID:KEY" help:"Key of the account at the simulator of Tencent Cloud."`
	Aliyun     *url.URL `placeholder:"URL" help:"Use a simulator of Alibaba Cloud, after that of Tencent Cloud."`
	AliyunKey  string   `default:"LTAIsimulated:simulated" placeholder:"ID:KEY" help:"Key of the account at the simulator of Alibaba Cloud."`
	Baidu      *url.URL `placeholder:"URL" help:"Use a simulator of Baidu AI Cloud, after the others."`
	BaiduKey   string   `default:"simulated:simulated" placeholder:"ID:KEY" help:"Keys of the application at the simulator of Baidu."`
}

// each returns the flags in their order.
func (s simulators) each() []simulatorFlag {
	return []simulatorFlag{
		{"tencent", s.Tencent, s.TencentKey}, {"aliyun", s.Aliyun, s.AliyunKey}, {"baidu", s.Baidu, s.BaiduKey},
	}
}

type simulatorFlag struct {
	name     string
	endpoint *url.URL
	key      string
}

// wrongSimulators returns an error for each address that is not one.
func (s simulators) wrongSimulators() (wrong []error) {
	for _, f := range s.each() {
		if e := f.endpoint; e != nil && (e.Host == "" || e.Scheme != "http" && e.Scheme != "https") {
			wrong = append(wrong, fmt.Errorf("--%s: want a URL such as http://127.0.0.1:8090, got %q", f.name, e))
		}
	}
	return wrong
}

// given returns the simulators that the flags name.
func (s simulators) given() server.Simulators {
	of := func(f simulatorFlag) *server.Simulator {
		if f.endpoint == nil {
			return nil
		}
		id, key, _ := strings.Cut(f.key, ":")
		return &server.Simulator{Endpoint: f.endpoint, ID: id, Key: key}
	}
	all := s.each()
	return server.Simulators{Tencent: of(all[0]), Aliyun: of(all[1]), Baidu: of(all[2])}
}

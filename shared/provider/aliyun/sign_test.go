package aliyun_test

import (
	"net/http"
	"net/url"
	"testing"

	"realname/shared/provider/aliyun"
)

// The example with fixed parameters of the documentation of signature method V3.
func TestTheDocumentationsExampleHasItsSignature(t *testing.T) {
	r := &http.Request{
		Method: http.MethodPost, Host: "ecs.cn-shanghai.aliyuncs.com", Header: http.Header{},
		URL: &url.URL{Path: "/", RawQuery: "RegionId=cn-shanghai&" +
			"ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"},
	}
	for name, value := range map[string]string{
		"x-acs-action": "RunInstances", "x-acs-version": "2014-05-26", "x-acs-date": "2023-10-26T10:22:32Z",
		"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-content-sha256": aliyun.Digest(nil),
	} {
		r.Header.Set(name, value)
	}
	signed := []string{
		"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
	}
	const want = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got := aliyun.Signature(r, "YourAccessKeySecret", signed); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// The example of the official SDK's own test, darabonba-openapi v2.1.13.
func TestTheSDKsExampleHasItsSignature(t *testing.T) {
	r := &http.Request{Header: http.Header{}, URL: &url.URL{RawQuery: "test=ok&empty="}}
	r.Header.Set("x-acs-content-sha256", "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23")
	r.Header.Set("x-acs-test", "http,https")
	const want = "4ab59fffe3c5738ff8a2729f90cc04fe18b02a4b15b2102cbaf92f9ff3df2ea3"
	if got := aliyun.Signature(r, "secret", []string{"x-acs-test"}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

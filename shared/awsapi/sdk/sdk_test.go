package sdk_test

import (
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"realname/shared/awsapi"
	"realname/shared/awsapi/sdk"
)

// shell sets the variables and the default profile, and nothing else of AWS.
func shell(t *testing.T, variables map[string]string, profile string) {
	t.Helper()
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // as if it were not set
		}
	}
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte("[default]\n"+profile+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file+"-none")
	for name, value := range variables {
		t.Setenv(name, value)
	}
}

// A shell's configuration is followed, or refused: what is not known may say that data
// must not go to the usual address.
func TestAConfigurationIsFollowedOrRefused(t *testing.T) {
	type values = map[string]string
	const region, endpoint = "AWS_REGION", "http://127.0.0.1:4566"
	for name, c := range map[string]struct {
		variables values
		profile   string
		want      string // of the error, "" for none
		endpoint  string
	}{
		"a region":                {variables: values{region: "eu-west-1"}},
		"a region of the profile": {profile: "region = eu-west-1"},
		"no region":               {want: "AWS_REGION"},
		"an endpoint":             {values{region: "eu-west-1", "AWS_ENDPOINT_URL": endpoint}, "", "", endpoint},
		"FIPS": {
			values{region: "us-east-1", "AWS_USE_FIPS_ENDPOINT": "true"}, "", "AWS_USE_FIPS_ENDPOINT", "",
		},
		"FIPS of the profile": {nil, "region = us-east-1\nuse_fips_endpoint = true", "AWS_USE_FIPS_ENDPOINT", ""},
		"no FIPS, other than the profile": {
			values{"AWS_USE_FIPS_ENDPOINT": "false"}, "region = us-east-1\nuse_fips_endpoint = true", "", "",
		},
		"both stacks": {
			values{region: "eu-west-1", "AWS_USE_DUALSTACK_ENDPOINT": "true"}, "", "AWS_USE_DUALSTACK_ENDPOINT", "",
		},
		"an endpoint of a service": {
			values{region: "eu-west-1", "AWS_ENDPOINT_URL_SECRETS_MANAGER": endpoint}, "", "Secrets Manager alone", "",
		},
		"an endpoint of a service in the profile": {
			nil, "region = eu-west-1\nservices = here\n[services here]\ndynamodb =\n  endpoint_url = " + endpoint,
			"DynamoDB alone", "",
		},
		"ignored endpoints": {values{
			region: "eu-west-1", "AWS_ENDPOINT_URL": endpoint, "AWS_ENDPOINT_URL_KMS": endpoint,
			"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
		}, "", "", ""},
		"an endpoint of another service": {values{region: "eu-west-1", "AWS_ENDPOINT_URL_S3": endpoint}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			shell(t, c.variables, c.profile)
			got, err := sdk.Load(t.Context())
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want an error with %s", err, c.want)
				}
				return
			}
			if err != nil || got.Region == "" || got.Endpoint != c.endpoint {
				t.Errorf("%v, region %q, endpoint %q, want %q", err, got.Region, got.Endpoint, c.endpoint)
			}
		})
	}
}

// A request to wrap keys has the keys, and each has the token of a role's session.
func TestACommandsRequestIsNotRedirected(t *testing.T) {
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("another host got the request")
	}))
	defer elsewhere.Close()
	to := http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect)
	plain, secured := httptest.NewServer(to), httptest.NewTLSServer(to)
	defer plain.Close()
	defer secured.Close()
	bundle := filepath.Join(t.TempDir(), "bundle")
	trusted := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secured.Certificate().Raw})
	if err := os.WriteFile(bundle, trusted, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, variables := range map[string]map[string]string{
		"usual":       {"AWS_ENDPOINT_URL": plain.URL},
		"a CA bundle": {"AWS_ENDPOINT_URL": secured.URL, "AWS_CA_BUNDLE": bundle},
	} {
		t.Run(name, func(t *testing.T) {
			maps.Copy(variables, map[string]string{
				"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
			})
			shell(t, variables, "")
			c, err := sdk.Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = awsapi.New(c, awsapi.KMS).Call(t.Context(), "Encrypt", struct{}{}, &struct{}{})
			var refused *awsapi.Error
			if !errors.As(err, &refused) || refused.Status != http.StatusTemporaryRedirect {
				t.Errorf("%v", err)
			}
		})
	}
}

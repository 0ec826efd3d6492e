package sdk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"realname/shared/awsapi/sdk"
)

// A shell's configuration is followed, or refused: what is not known may say that data
// must not go to the usual address.
func TestAConfigurationIsFollowedOrRefused(t *testing.T) {
	type values map[string]string
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
			for _, v := range os.Environ() {
				if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") {
					t.Setenv(name, "") // as if it were not set
				}
			}
			file := filepath.Join(t.TempDir(), "config")
			if err := os.WriteFile(file, []byte("[default]\n"+c.profile+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("AWS_CONFIG_FILE", file)
			t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file+"-none")
			for name, value := range c.variables {
				t.Setenv(name, value)
			}
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

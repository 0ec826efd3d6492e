package stack

import (
	"errors"
	"strings"

	"realname/shared/edge"
	"realname/shared/table"
)

// Settings are the settings of a deployment: those of the stage's file, and CDK
// context values (`cdk deploy -c name=value`). docs/settings.md describes each.
type Settings struct {
	Stage   string
	Account string // "" for the account of the credentials
	Region  region

	Architecture   string // arm64 or x86_64
	LogDays        int
	Rate, Burst    int // of each route that needs a token, requests a second
	PublicRate     int // of each public route; functions limit each address by themselves
	PublicBurst    int
	CORSOrigins    []string
	DomainName     string
	CertificateARN string // of ACM in us-east-1
	CertificateID  string // of the IAM certificate store, in China
	// APIDomainName is the API's own domain name, with a certificate of ACM in its region.
	APIDomainName, APICertificateARN string
	// OriginSlot is the slot of the origin secret that CloudFront sends.
	OriginSlot  string
	OriginCheck bool // functions refuse what did not come through CloudFront
	// TokenKeys names the algorithms of the token keys: es256, rs256, or both.
	TokenKeys string
	// VPC puts the functions that call the outside into a VPC with fixed addresses.
	VPC            bool
	VPCCIDR        string
	VPCZones       []string // the letters of two or three availability zones
	WebRateLimit   int      // requests of one address in five minutes
	AlarmEmail     string
	ProviderBudget int  // yuan a day that providers may cost before an alarm; 0 for none
	Reserve        bool // functions reserve concurrency
	Protect        bool // data outlives the stacks, and the stacks refuse their deletion

	// Environment holds the REALNAME_… values given to every function.
	Environment map[string]string
	Indexes     table.Indexes // of the table, from REALNAME_TABLE_INDEXES
	// Memory and Concurrency override the values of a function, by its name.
	Memory, Concurrency map[string]int

	Version, Commit string // of the built source, for the outputs

	Dist string // folder of the built functions
}

// Name returns the name of a resource in this stage.
func (s Settings) Name(part string) string {
	if part == "" {
		return "realname-" + s.Stage
	}
	return "realname-" + s.Stage + "-" + part
}

// The values of tokenKeys. A stage from before the setting has the first, so that a
// deployment over it removes no key.
const (
	tokenKeysES256 = "es256"
	tokenKeysBoth  = "both"
	tokenKeysRS256 = "rs256"
)

var architectures = []string{"arm64", "x86_64"}

// ReadSettings reads and checks the context. The error names every invalid value.
// If the context lacks account and region, they come from the environment.
func ReadSettings(context map[string]string, account, awsRegion string) (Settings, error) {
	r := reader{context: context, seen: map[string]bool{}}
	s := r.settings(account, first(awsRegion, "us-east-1"))
	r.unknown()
	return s, errors.Join(r.err, s.check())
}

func (r *reader) settings(account, awsRegion string) Settings {
	s := Settings{Stage: r.text("stage", defaultStage)}
	s.Account = r.text("account", account)
	s.Region = region(r.text("region", awsRegion))
	s.Architecture = r.oneOf("architecture", "arm64", architectures...)
	s.LogDays = r.number("logDays", 30, 1, 3653)
	s.Rate, s.Burst = r.number("rate", 100, 1, 10000), r.number("burst", 200, 1, 5000)
	s.PublicRate, s.PublicBurst = r.number("publicRate", 500, 1, 10000), r.number("publicBurst", 1000, 1, 5000)
	s.CORSOrigins = r.list("corsOrigins")
	s.DomainName = r.text("domainName", "")
	s.CertificateARN, s.CertificateID = r.text("certificateArn", ""), r.text("certificateId", "")
	s.APIDomainName, s.APICertificateARN = r.text("apiDomainName", ""), r.text("apiCertificateArn", "")
	s.OriginSlot = r.oneOf("originSlot", edge.Slots[0], edge.Slots...)
	s.OriginCheck = r.oneOf("originCheck", "true", "true", "false") == "true"
	s.TokenKeys = r.oneOf("tokenKeys", tokenKeysES256, tokenKeysES256, tokenKeysBoth, tokenKeysRS256)
	s.VPC = r.oneOf("vpc", "false", "true", "false") == "true"
	s.VPCCIDR, s.VPCZones = r.text("vpcCidr", "10.20.0.0/16"), r.list("vpcZones")
	if len(s.VPCZones) == 0 {
		s.VPCZones = []string{"a", "b"}
	}
	// A machine client may send 600 requests per minute from one address.
	s.WebRateLimit = r.number("webRateLimit", 4000, 100, 20000000)
	s.AlarmEmail = r.text("alarmEmail", "")
	s.ProviderBudget = r.number("providerBudget", 0, 0, 1000000)
	s.Reserve = r.oneOf("reserveConcurrency", "false", "true", "false") == "true"
	s.Protect = r.oneOf("protect", "false", "true", "false") == "true"
	s.Version, s.Commit = r.text("version", "dev"), r.text("commit", "unknown")
	s.Dist = r.text("dist", "dist")
	s.Memory = r.perFunction("memory.", 128, 10240)
	s.Concurrency = r.perFunction("concurrency.", 0, 1000)
	s.Environment = r.environment()
	s.Indexes, _ = table.ParseIndexes(s.Environment["REALNAME_TABLE_INDEXES"]) // the environment was checked
	if _, given := s.Environment["REALNAME_PUBLIC_URL"]; s.DomainName != "" && !given {
		s.Environment["REALNAME_PUBLIC_URL"] = "https://" + s.DomainName
	}
	return s
}

// hasSite reports whether the stage has a distribution.
func (s Settings) hasSite() bool { return s.DomainName != "" || s.Region.features().DefaultDomain }

// checksOrigin reports whether the API refuses what did not come through CloudFront.
func (s Settings) checksOrigin() bool { return s.OriginCheck && s.hasSite() }

// asks reports whether the environment names the provider for any check.
func (s Settings) asks(provider string) bool {
	for name, list := range s.Environment {
		if !strings.HasSuffix(name, "_PROVIDERS") {
			continue
		}
		for word := range strings.SplitSeq(list, ",") {
			if strings.TrimSpace(word) == provider {
				return true
			}
		}
	}
	return false
}

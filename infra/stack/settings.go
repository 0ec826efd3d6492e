package stack

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"realname/shared/edge"
	"realname/shared/table"
	"realname/shared/wiring"
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

// logDays are the useful retention periods that CloudWatch Logs supports.
var logDays = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

var (
	architectures = []string{"arm64", "x86_64"}
	hostName      = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	emailAddress  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

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

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// check checks the values together.
func (s Settings) check() error {
	var err error
	wrong := func(format string, args ...any) { err = errors.Join(err, fmt.Errorf(format, args...)) }
	if e := s.Region.check(); e != nil {
		err = errors.Join(err, e)
	}
	if !slices.Contains(logDays, s.LogDays) {
		wrong("logDays: want one of %v, got %d", logDays, s.LogDays)
	}
	for _, origin := range s.CORSOrigins {
		if u, e := url.Parse(origin); e != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" {
			wrong("corsOrigins: %q is no origin such as https://www.example.com", origin)
		}
	}
	if s.DomainName != "" && !hostName.MatchString(s.DomainName) {
		wrong("domainName: want a host name, got %q", s.DomainName)
	}
	err = errors.Join(err, s.checkAPIDomain(), s.checkVPC())
	if !stageName.MatchString(s.Stage) {
		wrong("stage: want 1 to 20 of a-z, 0-9 and -, starting with a letter, got %q", s.Stage)
	}
	if s.Protect && s.AlarmEmail == "" {
		wrong("alarmEmail: a protected stage needs one, or nobody hears of its alarms")
	}
	if s.AlarmEmail != "" && !emailAddress.MatchString(s.AlarmEmail) {
		wrong("alarmEmail: want an email address, got %q", s.AlarmEmail)
	}
	err = errors.Join(err, s.checkMail(), s.checkMessages())
	f := s.Region.features()
	certificate, other := "certificateArn", "certificateId"
	given, unfit := s.CertificateARN, s.CertificateID
	if !f.CertificateManager {
		certificate, other, given, unfit = other, certificate, unfit, given
	}
	if unfit != "" {
		wrong("%s: region %s needs %s instead", other, s.Region, certificate)
	}
	if (s.DomainName == "") != (given == "") {
		wrong("domainName and %s: set both or neither", certificate)
	}
	if s.CertificateARN != "" && !strings.HasPrefix(s.CertificateARN, "arn:aws:acm:us-east-1:") {
		wrong("certificateArn: want a certificate of ACM in us-east-1, got %q", s.CertificateARN)
	}
	return err
}

// checkAPIDomain checks the API's own domain name.
func (s Settings) checkAPIDomain() error {
	prefix := "arn:" + s.Region.partition() + ":acm:" + string(s.Region) + ":"
	switch {
	case (s.APIDomainName == "") != (s.APICertificateARN == ""):
		return errors.New("apiDomainName and apiCertificateArn: set both or neither")
	case s.APIDomainName == "":
		return nil
	case !hostName.MatchString(s.APIDomainName) || s.APIDomainName == s.DomainName:
		return fmt.Errorf("apiDomainName: want a host name other than domainName, got %q", s.APIDomainName)
	case !strings.HasPrefix(s.APICertificateARN, prefix):
		return fmt.Errorf("apiCertificateArn: want a certificate of ACM in %s, got %q", s.Region, s.APICertificateARN)
	}
	return nil
}

// checkVPC checks the network.
func (s Settings) checkVPC() error {
	p, err := netip.ParsePrefix(s.VPCCIDR)
	if err != nil || !p.Addr().Is4() || p.Masked() != p || p.Bits() < 16 || p.Bits() > 20 {
		return fmt.Errorf("vpcCidr: want a network such as 10.20.0.0/16, from /16 to /20, got %q", s.VPCCIDR)
	}
	seen := map[string]bool{}
	for _, zone := range s.VPCZones {
		if len(zone) != 1 || zone < "a" || zone > "z" || seen[zone] {
			return fmt.Errorf("vpcZones: want different letters of availability zones such as a,b, got %q", s.VPCZones)
		}
		seen[zone] = true
	}
	if len(seen) < 2 || len(seen) > 3 {
		return fmt.Errorf("vpcZones: want two or three zones, got %q", s.VPCZones)
	}
	return nil
}

// hasSite reports whether the stage has a distribution.
func (s Settings) hasSite() bool { return s.DomainName != "" || s.Region.features().DefaultDomain }

// checksOrigin reports whether the API refuses what did not come through CloudFront.
func (s Settings) checksOrigin() bool { return s.OriginCheck && s.hasSite() }

// reader reads values from the context.
type reader struct {
	context map[string]string
	seen    map[string]bool // settings that were read
	known   map[string]bool // variables that functions read
	err     error
}

func (r *reader) wrong(format string, args ...any) {
	r.err = errors.Join(r.err, fmt.Errorf(format, args...))
}

func (r *reader) text(name, otherwise string) string {
	r.seen[name] = true
	return first(strings.TrimSpace(r.context[name]), otherwise)
}

func (r *reader) oneOf(name, otherwise string, allowed ...string) string {
	v := r.text(name, otherwise)
	if !slices.Contains(allowed, v) {
		r.wrong("%s: want one of %s, got %q", name, strings.Join(allowed, ", "), v)
	}
	return v
}

func (r *reader) number(name string, otherwise, least, most int) int {
	v := r.text(name, strconv.Itoa(otherwise))
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		r.wrong("%s: want an integer from %d to %d, got %q", name, least, most, v)
	}
	return n
}

func (r *reader) list(name string) []string {
	var all []string
	for part := range strings.SplitSeq(r.text(name, ""), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// perFunction reads values such as memory.login.
func (r *reader) perFunction(prefix string, least, most int) map[string]int {
	all := map[string]int{}
	for name := range r.context {
		f, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if _, known := functions[f]; !known {
			r.wrong("%s: there is no function %q", name, f)
		}
		all[f] = r.number(name, least, least, most)
	}
	return all
}

// environment reads the REALNAME_… values and checks them with the functions' own
// reader, so that a value that would fail a cold start fails the synthesis.
func (r *reader) environment() map[string]string {
	all := map[string]string{}
	for name, v := range r.context {
		if strings.HasPrefix(name, "REALNAME_") {
			all[name], r.seen[name] = v, true
		}
	}
	r.known = map[string]bool{}
	_, err := wiring.Load(func(name string) string {
		r.known[name] = true
		if v, ok := all[name]; ok {
			return v
		}
		return own[name]
	})
	r.err = errors.Join(r.err, err)
	for name := range all {
		if _, is := own[name]; is {
			r.wrong("%s is set by the deployment", name)
		} else if !r.known[name] {
			r.wrong("%s: unknown setting: no function reads it", name)
		}
	}
	return all
}

const set = "set by the deployment"

// own are the variables that the deployment sets, with values that wiring.Load accepts.
var own = map[string]string{
	"REALNAME_STAGE": set, "REALNAME_ISSUER": set, "REALNAME_TABLE": set, "REALNAME_STATE_MACHINE_ARN": set,
	"REALNAME_VAULT_SECRET_ARN": set, "REALNAME_TOKEN_KEY_ARN": set,
	"REALNAME_MACHINE_TOKEN_KEY_ARN": set,
	"REALNAME_TENCENT_SECRET_ARN":    set, "REALNAME_ALIYUN_SECRET_ARN": set, "REALNAME_BAIDU_SECRET_ARN": set,
	"REALNAME_EVENT_BUS": set, "REALNAME_RECIPIENTS": "", "REALNAME_ORIGIN_SECRET_ARN": set,
}

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

// unknown refuses unknown settings, because they are probably misspelled. It ignores
// values with a namespace, such as those of the CDK.
func (r *reader) unknown() {
	for name := range r.context {
		if !r.seen[name] && !strings.ContainsAny(name, ":/") {
			r.wrong("%s: unknown setting: docs/settings.md lists all", name)
		}
	}
}

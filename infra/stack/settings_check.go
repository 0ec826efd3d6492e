package stack

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// logDays are the useful retention periods that CloudWatch Logs supports.
var logDays = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

var (
	hostName     = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	emailAddress = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

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

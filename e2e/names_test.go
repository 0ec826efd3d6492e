package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// spelling is a name or number as the registry has it, and as a user types it.
type spelling struct {
	what, known, typed string
	person             bool // the legal representative's name, not the enterprise's
	idType             string
}

// spellings are inputs as people really type them. The sandbox's registry compares
// character by character.
func spellings() []spelling {
	var all []spelling
	add := func(what, known string, person bool, typed ...string) {
		for _, t := range typed {
			all = append(all, spelling{what: what, known: known, typed: t, person: person})
		}
	}
	add("dots", "买买提·吐尔逊", true, "买买提.吐尔逊", "买买提．吐尔逊", "买买提•吐尔逊", "买买提˙吐尔逊", "买买提。吐尔逊", "买买提 · 吐尔逊")
	add("apostrophe", "O'BRIEN PATRICK", true, "O’Brien Patrick", "o`brien  patrick")
	add("private-use twin typed", "王䶮", true, "王\ue863")
	add("private-use twin at the registry", "王\ue863", true, "王䶮", "王\ue863")
	add("inner space", "赵安国", true, "赵 安国", "赵　安 国")
	add("one character", "岩", true, "岩")
	add("dashes", "一汽－大众国际贸易有限公司", false, "一汽—大众国际贸易有限公司", "一汽-大众国际贸易有限公司")
	add("dash of the registry", "一汽—大众国际贸易有限公司", false, "一汽－大众国际贸易有限公司", "一汽–大众国际贸易有限公司")
	add("quotation marks", "《语文报》社“国际”贸易有限责任公司", false, "《语文报》社\"国际\"贸易有限责任公司")
	add("brackets", "上海安达（中国）贸易有限公司", false,
		"上海安达(中国)贸易有限公司", "上海安达【中国】贸易有限公司", "上海安达〔中国〕贸易有限公司")
	add("zero", "一〇一贸易有限公司", false, "一○一贸易有限公司")
	for _, number := range []struct{ idType, known, typed string }{
		{"hk_macao_permit", "H0123456702", "H01234567"},
		{"hk_macao_permit", "H01234567", "h 01234567-02"},
		{"taiwan_permit", "05616820", "0561682001(D)"},
	} {
		all = append(all, spelling{what: "a permit's issue", known: number.known, typed: number.typed, idType: number.idType})
	}
	return all
}

// withSpellings runs a service whose first enterprises have the spellings.
func withSpellings(t *testing.T) (*place, []world.Enterprise) {
	t.Helper()
	people := world.Enterprises()[:len(spellings())]
	for i, s := range spellings() {
		switch e := &people[i]; {
		case s.idType != "":
			e.LegalRepresentative.IDType, e.LegalRepresentative.IDNumber = s.idType, s.known
		case s.person:
			e.LegalRepresentative.Name = s.known
		default:
			e.Name = s.known
		}
	}
	of := crowdFor(t, people)
	return own(t, of), people
}

func TestStep1TakesNamesAndNumbersAsPeopleTypeThem(t *testing.T) {
	p, people := withSpellings(t)
	for i, s := range spellings() {
		t.Run(s.what+" "+s.typed, func(t *testing.T) {
			c := p.login(t, people[i])
			body := c.enterprise()
			l := body["legalRepresentative"].(map[string]any)
			switch {
			case s.idType != "":
				l["idNumber"] = s.typed
			case s.person:
				l["name"] = s.typed
			default:
				body["name"] = s.typed
			}
			session := c.passes(c.begin().Id, "enterprise", body)
			if s.idType != "" || s.person {
				return
			}
			if session.Enterprise.Name != s.known { // the account's, not the typed spelling
				t.Errorf("shown as %q", session.Enterprise.Name)
			}
			if v, _ := c.account(); v.Enterprise.Name != s.known {
				t.Errorf("the account page shows %q", v.Enterprise.Name)
			}
		})
	}
}

func TestStep1RefusesWhatIsNoName(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin().Id
	for typed, rule := range map[string]string{
		"赵**": "masked", "赵＊国": "masked", "赵××": "masked", "赵XX": "masked",
		"王?": "placeholder", "王□": "placeholder", "王〓": "placeholder",
		"王\ufffd": "control_character", "\u202e赵安国": "control_character",
	} {
		body := c.enterprise()
		body["legalRepresentative"].(map[string]any)["name"] = typed
		needs(t, c.refused(s, "enterprise", body, 400, "invalid_request"), "/legalRepresentative/name", rule)
	}
	for number, rule := range map[string]string{
		"810000199001010019": "hk_macao_residence", "830000199001010012": "taiwan_residence",
	} {
		body := c.enterprise()
		body["legalRepresentative"].(map[string]any)["idNumber"] = number
		needs(t, c.refused(s, "enterprise", body, 400, "invalid_request"), "/legalRepresentative/idNumber", rule)
	}
	body := c.enterprise()
	body["name"] = "***" // only a sole trader can be without a name
	needs(t, c.refused(s, "enterprise", body, 400, "invalid_request"), "/name", "masked")
	c.passes(s, "enterprise", c.enterprise())
}

func TestALaterIssueOfAPermitIsTheSameHolder(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	operator := func(n int, number string) answer {
		body := c.operatorBody(n, number)
		body["idType"] = "hk_macao_permit"
		return c.post("/v1/operators", body)
	}
	if a := operator(1, "H0765432101"); a.Status != 201 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for n, number := range []string{"H0765432102", "H07654321", "ｈ０７６５４３２１０３", "\u202dH07654321\u202c"} {
		c.wants(operator(n+2, number), 409, "holder_id_taken")
	}
	if a := operator(9, "M0765432101"); a.Status != 201 {
		t.Errorf("another holder: %d %s", a.Status, a.Body)
	}
}

func TestMarksAroundCodesAreDropped(t *testing.T) {
	c, s := shared.atStep2(t)
	l := c.who.LegalRepresentative
	marked := func(code string) string { return "\u202d" + code[:3] + "\u200b" + code[3:] + "\u202c" }
	ask := map[string]any{
		"step": "legal_representative", "mobile": "\u202d(+86) " + l.Mobile[:3] + "—" + l.Mobile[3:] + "\u202c",
		"bankCardNumber": marked(l.CardNumber),
	}
	if a := c.post("/v1/sessions/"+s+"/sms-codes", ask); a.Status != 202 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	code := c.telephone(l.Mobile)
	c.passes(s, "legal-representative", map[string]any{
		"by": "bank_card", "bankCardNumber": marked(l.CardNumber), "mobile": "0086" + l.Mobile,
		"smsCode": marked(code + code),
	})
}

func TestUTF8IsAcceptedWithoutItsHyphen(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	in := map[string]any{"loginName": c.who.LoginName, "password": world.Password}
	for _, mediaType := range []string{
		"application/json;charset=utf8", "application/json; charset=UTF8", `application/json; charset="utf-8"`,
	} {
		if a := c.post("/v1/login", in, "Content-Type", mediaType); a.Status != 200 {
			t.Errorf("%s: %d %s", mediaType, a.Status, a.Body)
		}
		// The bank's callback reads the body before it judges the signature.
		if a := c.post("/v1/bank-callbacks/CCB", map[string]any{}, "Content-Type", mediaType); a.Status == 415 {
			t.Errorf("callback, %s: %s", mediaType, a.Body)
		}
	}
	c.wants(c.post("/v1/login", in, "Content-Type", "application/json; charset=gbk"), 415, "unsupported_media_type")
}

// The evidence says which spelling matched, and both questions are in it.
func TestTheSecondSpellingIsKeptWithTheEvidence(t *testing.T) {
	p, people := withSpellings(t)
	for i, s := range spellings() {
		if s.what != "private-use twin at the registry" {
			continue
		}
		c := p.login(t, people[i])
		id := c.begin().Id
		body := c.enterprise()
		body["legalRepresentative"].(map[string]any)["name"] = s.typed
		c.passes(id, "enterprise", body)
		raw, err := json.Marshal(json.RawMessage(c.stored(id)))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(raw), `"spelling":{"S":"second"}`); n == 0 {
			t.Errorf("%q: the evidence does not name the spelling: %s", s.typed, raw)
		}
		var shown api.Session
		if err := json.Unmarshal(c.get("/v1/sessions/"+id).Body, &shown); err != nil || shown.Steps[0].AttemptsLeft != 5 {
			t.Errorf("the second question cost an attempt: %+v, %v", shown.Steps, err)
		}
		return
	}
}

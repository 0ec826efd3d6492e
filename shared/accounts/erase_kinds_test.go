package accounts_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// fate is the effect of an erasure on a kind of item.
type fate int

const (
	removed  fate = iota // no item of the kind refers to the account
	emptied              // the item stays without personal data
	expiring             // the item holds indexes or sealed values and expires within two days
	nobodys              // the item never holds personal data
)

// fates lists every kind of item in the table by the source of its key. Add each new
// kind with the effect that Erase has on it.
var fates = map[string]fate{
	"LOGIN#/ACCOUNT": removed, "LOGIN#/FAILURES": removed, "ACCOUNT#/CARD": removed,
	"CARD#/OWNER": removed, "AUDITVALUES#/…": removed,
	"ACCOUNT#/PROFILE": emptied, "ENTERPRISE#/ROSTER": emptied,
	"SESSION#/STATE":      emptied, // an erasure closes the session, which erases its subject and answers
	"ENTERPRISE#/PROFILE": nobodys, // of no holder; EraseLegalRepresentative erases the legal representative
	"pk/SMS#":             expiring, "ACCOUNT#/DAY#": expiring, "MOBILE#/DAY#": expiring, "EMAIL#/CONFIRMATION": expiring,
	"ENTERPRISE#/DAY#": expiring, "MESSAGE#/…": expiring,
	"SOURCE#/MINUTE#": expiring, "CHALLENGE#/CARD": expiring, "IDEMPOTENCY#/REPLY": expiring,
	"ENTERPRISE#/AUDIT#": nobodys, "ENTERPRISE#/TRAIL": nobodys, "OUTBOX#/EVENT#": nobodys,
	"ACCOUNT#/LIVE#": nobodys, "SESSION#/STEP": nobodys, "SESSION#/ATTEMPT#": nobodys, "REMARK#/LATEST": nobodys,
	"CLIENT#/MINUTE#": nobodys, "BANK#/REFUSED#": nobodys, "CRL#/LIST": nobodys, "NONCE#/USED": nobodys,
	"CONFIG#/…": nobodys, "PROVIDER#/STATE": nobodys,
}

func TestEveryKindOfItemHasAFateWhenAPersonIsErased(t *testing.T) {
	kinds := kindsOfItems(t)
	if len(kinds) < 20 {
		t.Fatalf("only %v were found", kinds)
	}
	for _, kind := range kinds {
		if _, ok := fates[kind]; !ok {
			t.Errorf("%s is new: say in this test, and have Erase see to, what becomes of it when a person is erased", kind)
		}
	}
	for kind := range fates {
		if !slices.Contains(kinds, kind) {
			t.Errorf("%s is stored no more", kind)
		}
	}
}

func TestAnErasureMeetsTheFateOfEachKind(t *testing.T) {
	tbl := memory.New(func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) })
	a, admin := accountsOn(t, tbl)
	st := a.Directory.(*store.Store)
	id, err := addOperator(t, a, admin, "wang-xiaoming", holder(1))
	if err != nil {
		t.Fatal(err)
	}
	now := a.Now()
	colleague := func(accounts ...string) realname.CardOwner {
		return realname.CardOwner{CardID: "shared", USCC: admin.USCC, Accounts: accounts}
	}
	card := realname.CardCertificate{ID: "own", Number: "7F00112233"}
	everything := realname.Writing(
		realname.CountedDay{AccountID: id, AccountDay: realname.AccountDay{Day: realname.Day(now), SMS: 1}},
		realname.CountedNumber{NumberIndex: "number-index", NumberDay: realname.NumberDay{Day: realname.Day(now), SMS: 1}},
		realname.SMSCode{AccountID: id, Step: "mobile", NumberIndex: "number-index", ExpiresAt: now.Add(time.Minute)},
		realname.EmailConfirmation{SecretHash: "secret-hash", AccountID: id, ExpiresAt: now.Add(time.Hour)},
		realname.CardChallenge{Hash: "challenge", AccountID: id, ExpiresAt: now.Add(time.Minute)},
		realname.BoundCard{CardCertificate: card, AccountID: id, BoundAt: now},
		realname.CardOwner{CardID: "own", USCC: admin.USCC, Accounts: []string{id}}, colleague(admin.AccountID),
		realname.ResetMessage{ID: "message", LoginName: "sealed", ExpiresAt: now.Add(time.Minute)},
		realname.Reply{Key: "reply", Body: []byte("{}"), ExpiresAt: now.Add(time.Hour)},
	)
	if err := st.Commit(t.Context(), everything); err != nil {
		t.Fatal(err)
	}
	if err := a.Credentials.Check(t.Context(), "wang-xiaoming", "wrong", ""); err == nil {
		t.Fatal("a wrong password let in")
	}
	e := &accounts.Erasure{Accounts: a, Values: st}
	if err := e.Erase(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for _, it := range tbl.Dump() {
		text := fmt.Sprint(it.Key, it.Body)
		for _, left := range []string{"wang-xiaoming", "持**", "7F00112233"} {
			if strings.Contains(text, left) {
				t.Errorf("%v keeps %q", it.Key, left)
			}
		}
		kind := kindOf(it.Key.PK, it.Key.SK)
		what, ok := fates[kind]
		switch {
		case !ok:
			t.Errorf("%v is of no known kind: %s", it.Key, kind)
		case what == removed && strings.Contains(text, id):
			t.Errorf("%v is left", it.Key)
		case what == expiring && (it.Expires.IsZero() || it.Expires.Sub(now) > 48*time.Hour):
			t.Errorf("%v stays until %v", it.Key, it.Expires)
		}
	}
	if o, err := st.LoadCardOwner(t.Context(), "own"); err != nil || len(o.Accounts) != 0 {
		t.Errorf("the card is not free: %+v %v", o, err)
	}
	o, err := st.LoadCardOwner(t.Context(), "shared")
	if err != nil || !slices.Equal(o.Accounts, []string{admin.AccountID}) {
		t.Errorf("a colleague's card went too: %+v %v", o, err)
	}
}

// The next erasure removes a card that version 1.0.0 bound while its account was erased. A card
// that is also bound to a colleague stays bound to the colleague.
func TestErasingAgainTakesACardThatCameLate(t *testing.T) {
	tbl := memory.New(time.Now)
	a, admin := accountsOn(t, tbl)
	st := a.Directory.(*store.Store)
	id, err := addOperator(t, a, admin, "wang-xiaoming", holder(1))
	if err != nil {
		t.Fatal(err)
	}
	e := &accounts.Erasure{Accounts: a, Values: st}
	if err := e.Erase(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	late := realname.Writing(
		realname.BoundCard{CardCertificate: realname.CardCertificate{ID: "late"}, AccountID: id},
		realname.CardOwner{CardID: "late", USCC: admin.USCC, Accounts: []string{admin.AccountID, id}},
	)
	if err := st.Commit(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Erase(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	view, err := st.LoadAccount(t.Context(), realname.AccountQuery{
		AccountID: id, Card: &realname.CardKeys{CardID: "late"},
	})
	if err != nil || view.Card.Bound.ID != "" || !slices.Equal(view.Card.Owner.Accounts, []string{admin.AccountID}) {
		t.Errorf("%+v %v", view.Card, err)
	}
}

// kindOf returns the kind of a stored key.
func kindOf(pk, sk string) string {
	begin, _, _ := strings.Cut(pk, "#")
	kind := begin + "#/" + sk
	if end, _, cut := strings.Cut(sk, "#"); cut {
		kind = begin + "#/" + end + "#"
	}
	switch {
	case begin == "AUDITVALUES" || begin == "CONFIG" || begin == "MESSAGE":
		return begin + "#/…"
	case strings.HasPrefix(sk, "SMS#"):
		return "pk/SMS#"
	}
	return kind
}

// kindsOfItems reads the kinds from the store's source: the texts that start the keys of
// its items.
func kindsOfItems(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../store/*.go")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]ast.Expr{} // of constants, and of functions that return the start of a key
	var keys []*ast.CompositeLit
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if ret, ok := n.Body.List[0].(*ast.ReturnStmt); ok && strings.HasSuffix(n.Name.Name, "PK") {
					texts[n.Name.Name] = ret.Results[0]
				}
			case *ast.ValueSpec:
				if len(n.Values) == 1 {
					texts[n.Names[0].Name] = n.Values[0]
				}
			case *ast.CompositeLit:
				if of, ok := n.Type.(*ast.SelectorExpr); ok && of.Sel.Name == "Key" && len(n.Elts) == 2 {
					keys = append(keys, n)
				}
			}
			return true
		})
	}
	kinds := map[string]bool{}
	for _, k := range keys {
		part := func(i int) string { return begin(k.Elts[i].(*ast.KeyValueExpr).Value, texts) }
		kinds[part(0)+"/"+part(1)] = true
	}
	return slices.Sorted(maps.Keys(kinds))
}

// begin returns the text that starts an expression's value.
func begin(e ast.Expr, texts map[string]ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _, formatted := strings.Cut(strings.Trim(e.Value, `"`), "#")
		if formatted {
			return text + "#"
		}
		return strings.TrimPrefix(text, "%s")
	case *ast.BinaryExpr:
		return begin(e.X, texts)
	case *ast.Ident:
		if known, ok := texts[e.Name]; ok {
			return begin(known, texts)
		}
		if e.Name == "pk" { // of an SMS code, which belongs to a session, an account or a password reset
			return "pk"
		}
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.Ident); ok {
			if known, ok := texts[f.Name]; ok {
				return begin(known, texts)
			}
		}
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "key" { // store.Partition
			return begin(f.X, texts)
		}
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
			if text := begin(e.Args[0], texts); !strings.HasPrefix(text, "%") && text != "" {
				return text
			}
			return begin(e.Args[1], texts)
		}
	}
	return "…"
}

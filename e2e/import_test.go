package e2e

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"realname/e2e/world"
)

// accountsHeader is the header line of an accounts file.
const accountsHeader = "loginName,password,origin,enterpriseName,uscc,orgCode,address,legalRepName," +
	"legalRepIdType,legalRepIdNumber,adminName,adminIdType,adminIdNumber,mobile,email,region\n"

// accountsFile writes rows without passwords to a file in GBK, as a spreadsheet
// does.
func accountsFile(t testing.TB, rows int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(accountsHeader)
	for n := range rows {
		uscc, org := world.Codes(2000 + n)
		fmt.Fprintf(&b,
			"moved-%d,,migrated_inspection,河北迁入%d贸易有限公司,%s,%s,石家庄,赵安国,resident_id,"+
				"130105197803121016,钱小敏,resident_id,%s,13800001001,,河北\n",
			n, n, uscc, org, world.ResidentID("130103", 1975, n))
	}
	raw, err := simplifiedchinese.GBK.NewEncoder().String(b.String())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "accounts.csv")
	if err := os.WriteFile(name, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// If an import is killed twice and run again, every account exists once and
// activates with its code.
func TestAKilledImportGoesOnAndItsAccountsActivate(t *testing.T) {
	p := only(t)
	const rows = 3000
	name := accountsFile(t, rows)
	run := func() *exec.Cmd {
		return exec.Command(binary, "import", name, "--url", p.URL, "--workers", "2")
	}
	for range 2 {
		killed := run()
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond) // the import may be at any row, or done
		_ = killed.Process.Kill()          // it may have ended
		_ = killed.Wait()                  // the process was killed
	}
	out, err := run().Output()
	if err != nil || !strings.HasPrefix(string(out), fmt.Sprintf("%d rows: ", rows)) ||
		!strings.Contains(string(out), " 0 refused") {
		t.Fatalf("%s %v", out, err)
	}
	f, err := os.Open(strings.TrimSuffix(name, ".csv") + "-codes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // the test only reads it
	codes, err := csv.NewReader(f).ReadAll()
	if err != nil || len(codes) != rows+1 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	for _, row := range [][]string{codes[1], codes[rows]} {
		c := &clerk{TB: t, at: p, who: world.Enterprise{LoginName: row[0]}}
		c.wants(c.post("/v1/login", map[string]any{"loginName": row[0], "password": row[1]}), 403, "activation_required")
		if a := c.post("/v1/activations", map[string]any{
			"loginName": row[0], "activationCode": strings.ToLower(row[1]), "newPassword": newPassword,
		}); a.Status != http.StatusNoContent {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		c.token = c.tokenFor(newPassword)
		if v, _ := c.account(); v.Administrator.Name != "钱小敏" {
			t.Errorf("%+v", v)
		}
	}
	if out, err := exec.Command(binary, "erase", "--url", p.URL,
		"--login", codes[1][0], "--yes").CombinedOutput(); err != nil {
		t.Fatalf("%s %v", out, err)
	}
	c := &clerk{TB: t, at: p}
	c.wants(c.post("/v1/login", map[string]any{"loginName": codes[1][0], "password": newPassword}),
		401, "invalid_credentials")
}

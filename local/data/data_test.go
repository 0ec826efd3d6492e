package data_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"realname/local/data"
)

var today = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

const (
	accounts   = "loginName,password,origin,enterpriseName,uscc,orgCode,address,legalRepName,legalRepIdType,legalRepIdNumber,adminName,adminIdType,adminIdNumber,mobile,email,region\n"                   //nolint:lll // a row of the file
	clerk      = "clerk,Secret-pass-1,migrated_local,河北安达进出口贸易有限公司,91130100MA0R01NM09,MA0R01NM0,路1号,赵安国,resident_id,130105197803121016,钱小敏,resident_id,13010419850215201X,13800001001,a@example.com,河北\n" //nolint:lll // a row of the file
	registry   = "name,uscc,orgCode,legalRepName,legalRepIdType,legalRepIdNumber,operatingStatus,covered\n"
	people     = "name,idNumber,validFrom,validTo\n"
	enterprise = "甲公司,91130100MA0R01NM09,,赵安国,resident_id,130105197803121016,in business,true\n"
	lost       = "赵安国,resident_id,130105197803121016,6222021000001000016,13900001001,reported lost\n"
	cards      = "name,idType,idNumber,cardNumber,mobile,state\n"
)

func read(files map[string]string) (data.Set, error) {
	dir := fstest.MapFS{"accounts.csv": {Data: []byte(accounts + clerk)}}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return data.Read(dir, today)
}

func TestTheDemonstrationDataIsGood(t *testing.T) {
	set, err := data.Read(data.Demo(), today)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Accounts) < 12 {
		t.Errorf("%d accounts", len(set.Accounts))
	}
}

func TestFilesMayHaveABOMCRLFOtherOrderAndBeMissing(t *testing.T) {
	set, err := read(map[string]string{
		"identities.csv": "\ufeffvalidTo,validFrom,idNumber,name\r\n00000000,20160425,130105197803121016,赵安国\r\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Sandbox.Identities) != 1 || set.Sandbox.Identities[0].Name != "赵安国" ||
		set.Sandbox.Identities[0].ValidTo != "00000000" {
		t.Errorf("%+v", set.Sandbox.Identities)
	}
}

func TestTheSameRowTwiceIsOneAndNamesAreKept(t *testing.T) {
	set, err := read(map[string]string{
		"registry.csv":   registry + "\"河北㈱,贸易\",91130100MA0R01NM09,,趙安国\uf979,resident_id,１３０１０５１９７８０３１２１０１６, IN BUSINESS ,是\n", //nolint:lll // a row of the file
		"bank-cards.csv": cards + lost + "\n" + lost,
	})
	if err != nil {
		t.Fatal(err)
	}
	if e := set.Sandbox.Registry[0]; e.Name != "河北㈱,贸易" || e.LegalRepresentative.Name != "趙安国凉" ||
		e.LegalRepresentative.IDNumber != "130105197803121016" || e.OperatingStatus != 1 || !e.Covered {
		t.Errorf("%+v", e)
	}
	if len(set.Sandbox.Cards) != 1 || set.Sandbox.Cards[0].Code != -13 {
		t.Errorf("%+v", set.Sandbox.Cards)
	}
}

func TestAnEnterpriseThatIsNotCoveredNeedsNoFacts(t *testing.T) {
	set, err := read(map[string]string{"registry.csv": registry + "河北示范检验检测中心,91130100MA0R01NM09,,,,,,false\n"})
	if err != nil {
		t.Fatal(err)
	}
	if e := set.Sandbox.Registry[0]; e.Covered || e.LegalRepresentative.Name != "" {
		t.Errorf("%+v", e)
	}
	if _, err := read(map[string]string{
		"registry.csv": registry + "河北示范检验检测中心,91130100MA0R01NM09,,,,,,true\n",
	}); err == nil {
		t.Error("a covered account does not need them either")
	}
}

func TestALaterRowCompletesItsEnterprise(t *testing.T) {
	bare := strings.NewReplacer("赵安国,resident_id,130105197803121016", ",,", "路1号", "").Replace(clerk)
	set, err := read(map[string]string{
		"accounts.csv": accounts + bare + strings.NewReplacer("clerk", "other", "安达", "安 达").Replace(clerk),
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := set.Accounts[0]; a.LegalRepresentative.Name != "赵安国" || a.Address != "路1号" {
		t.Errorf("%+v", a)
	}
}

func TestRegionAndAddressAreReadAsTheAccountPageKeepsThem(t *testing.T) {
	row := strings.NewReplacer(",路1号,", ",\" 路  1号, 二层 \",", ",河北\n", ",广西壮族自治区\n").Replace(clerk)
	set, err := read(map[string]string{"accounts.csv": accounts + row})
	if err != nil {
		t.Fatal(err)
	}
	if a := set.Accounts[0]; a.Region != "广西" || a.Address != "路 1号, 二层" {
		t.Errorf("%q, %q", a.Region, a.Address)
	}
}

func TestABadRowIsNamedByFileLineAndColumn(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		want             []string
	}{
		{
			"unknown column", "identities.csv", "name,idNumber,validFrom,validTo,color\n",
			[]string{"identities.csv:1", "color"},
		},
		{"column twice", "identities.csv", "name,idNumber,validFrom,validFrom\n", []string{"identities.csv:1", "validFrom"}},
		{"missing column", "identities.csv", "name,idNumber,validFrom\n", []string{"identities.csv:1", "validTo"}},
		{"empty file", "identities.csv", "", []string{"identities.csv:1"}},
		{"too few cells", "identities.csv", people + "赵安国,130105197803121016\n", []string{"identities.csv:2"}},
		{
			"stray quote", "identities.csv", people + "赵\"安国,130105197803121016,20160425,00000000\n",
			[]string{"identities.csv:2"},
		},
		{
			"check character", "identities.csv", people + "\n赵安国,130105197803121017,20160425,00000000\n",
			[]string{"identities.csv:3", "idNumber"},
		},
		{
			"dates", "identities.csv", people + "赵安国,130105197803121016,20260425,20160425\n",
			[]string{"identities.csv:2", "validFrom"},
		},
		{
			"origin", "accounts.csv", accounts + strings.Replace(clerk, "migrated_local", "moon", 1),
			[]string{"accounts.csv:2", "origin", "moon"},
		},
		{
			"login name twice", "accounts.csv", accounts + clerk + strings.Replace(clerk, "clerk", "CLERK", 1),
			[]string{"accounts.csv:3", "loginName", "line 2"},
		},
		{
			"no login name", "accounts.csv", accounts + strings.Replace(clerk, "clerk", "", 1),
			[]string{"accounts.csv:2", "loginName"},
		},
		{
			"two names of one enterprise", "accounts.csv",
			accounts + clerk + strings.NewReplacer("clerk", "other", "安达", "安远").Replace(clerk),
			[]string{"accounts.csv:3", "enterpriseName", "line 2"},
		},
		{
			"USCC", "accounts.csv", accounts + strings.Replace(clerk, "91130100MA0R01NM09", "91130100MA0R01NM19", 1),
			[]string{"accounts.csv:2", "uscc", "org_code"},
		},
		{
			"organization code", "accounts.csv", accounts + strings.Replace(clerk, ",MA0R01NM0,", ",MA0R02NM3,", 1),
			[]string{"accounts.csv:2", "orgCode"},
		},
		{
			"mobile", "accounts.csv", accounts + strings.Replace(clerk, "13800001001", "12800001001", 1),
			[]string{"accounts.csv:2", "mobile"},
		},
		{
			"ID type", "accounts.csv", accounts + strings.Replace(clerk, "钱小敏,resident_id", "钱小敏,badge", 1),
			[]string{"accounts.csv:2", "adminIdType", "badge"},
		},
		{
			"status", "registry.csv", registry + "甲公司,91130100MA0R01NM09,,赵安国,resident_id,130105197803121016,sleeping,true\n",
			[]string{"registry.csv:2", "operatingStatus", "sleeping"},
		},
		{
			"covered", "registry.csv",
			registry + "甲公司,91130100MA0R01NM09,,赵安国,resident_id,130105197803121016,in_business,perhaps\n",
			[]string{"registry.csv:2", "covered", "perhaps"},
		},
		{
			"GBK", "identities.csv",
			people + "赵安国,130105197803121016,20160425,00000000\n\xd5\xd4\xb0\xb2,110105194912310021,20160425,00000000\n",
			[]string{"identities.csv:3", "UTF-8"},
		},
		{
			"email", "accounts.csv", accounts + strings.Replace(clerk, "a@example.com", "a.example.com", 1),
			[]string{"accounts.csv:2", "email"},
		},
		{
			"endless email", "accounts.csv",
			accounts + strings.Replace(clerk, "a@example.com", "a@"+strings.Repeat("x", 253)+".cn", 1),
			[]string{"accounts.csv:2", "email", "254"},
		},
		{
			"endless address", "accounts.csv", accounts + strings.Replace(clerk, "路1号", strings.Repeat("路", 201), 1),
			[]string{"accounts.csv:2", "address"},
		},
		{
			"endless region", "accounts.csv", accounts + strings.Replace(clerk, ",河北\n", ","+strings.Repeat("河", 21)+"\n", 1),
			[]string{"accounts.csv:2", "region"},
		},
		{
			"endless password", "accounts.csv", accounts + strings.Replace(clerk, "Secret-pass-1", strings.Repeat("x", 129), 1),
			[]string{"accounts.csv:2", "password"},
		},
		{
			"two cards of one number", "bank-cards.csv", cards + lost + strings.Replace(lost, "reported lost", "ok", 1),
			[]string{"bank-cards.csv:3", "cardNumber", "line 2"},
		},
		{
			"two identities of one number", "identities.csv",
			people + "赵安国,130105197803121016,20160425,00000000\n赵安国,130105197803121016,20160425,20360425\n",
			[]string{"identities.csv:3", "idNumber", "line 2"},
		},
		{
			"two enterprises of one code", "registry.csv",
			registry + enterprise + strings.Replace(enterprise, "true", "false", 1),
			[]string{"registry.csv:3", "uscc", "line 2"},
		},
		{
			"card number", "bank-cards.csv", cards + "赵安国,resident_id,130105197803121016,62220210000,13900001001,ok\n",
			[]string{"bank-cards.csv:2", "cardNumber"},
		},
		{
			"card state", "bank-cards.csv", cards + "赵安国,resident_id,130105197803121016,6222021000001000016,13900001001,shiny\n",
			[]string{"bank-cards.csv:2", "state", "shiny"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(map[string]string{tt.file: tt.text})
			if err == nil {
				t.Fatal("accepted")
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not name %q", err, w)
				}
			}
			for _, personal := range []string{"130105197803121017", "12800001001", "6222021000001000017"} {
				if strings.Contains(err.Error(), personal) {
					t.Errorf("%q contains personal data", err)
				}
			}
		})
	}
}

func TestUnusualNumbersAreWarnings(t *testing.T) {
	const inUse = "91350203M0001QKT19,M0001QKT1"
	set, err := read(map[string]string{
		"accounts.csv":   accounts + strings.Replace(clerk, "91130100MA0R01NM09,MA0R01NM0", inUse, 1),
		"registry.csv":   registry + "甲公司," + inUse + ",赵安国,resident_id,130105197803121016,in_business,true\n",
		"bank-cards.csv": cards + "赵安国,resident_id,130105197803121016,6222021000001000017,13900001001,ok\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(set.Warnings, "\n")
	for _, want := range []string{
		"accounts.csv:2: uscc: check_character", "registry.csv:2: uscc: check_character",
		"bank-cards.csv:2: cardNumber: luhn",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in %s", want, all)
		}
	}
	if len(set.Warnings) != 3 || strings.Contains(all, "6222021000001000017") {
		t.Error(all)
	}
	if len(set.Accounts) != 1 || len(set.Sandbox.Registry) != 1 || len(set.Sandbox.Cards) != 1 {
		t.Errorf("%+v", set)
	}
}

func TestAccountsHaveToBeThere(t *testing.T) {
	if _, err := data.Read(fstest.MapFS{}, today); err == nil || !strings.Contains(err.Error(), "accounts.csv") {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("accounts.csv", accounts+clerk)
	f.Add("bank-cards.csv", cards+"赵安国,resident_id,130105197803121016,6222021000001000016,13900001001,lost\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		set, err := data.Read(fstest.MapFS{
			"accounts.csv":                    {Data: []byte(accounts)},
			strings.ReplaceAll(name, "/", ""): {Data: []byte(text)},
		}, today)
		if err != nil {
			return
		}
		for _, a := range set.Accounts {
			if a.LoginName == "" || a.Enterprise.USCC == "" {
				t.Errorf("an empty account was read from %q", text)
			}
		}
	})
}

package login

import "testing"

func TestABrowserIsNamedByItsHeader(t *testing.T) {
	const webkit = " AppleWebKit/537.36 (KHTML, like Gecko) "
	for _, c := range []struct{ header, browser, system string }{
		{"", "", ""},
		{"curl/8.5.0", "", ""},
		{"<script>alert(1)</script>", "", ""},
		{"Mozilla/5.0 (Windows NT 10.0)" + webkit + "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge", "Windows"},
		{"Mozilla/5.0 (Windows NT 10.0)" + webkit + "Chrome/126.0.0.0 Safari/537.36", "Chrome", "Windows"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox", "Linux"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15", "Safari", "macOS"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari", "iOS"},
		{"Mozilla/5.0 (Linux; Android 14)" + webkit + "Chrome/116.0 MicroMessenger/8.0.49", "WeChat", "Android"},
		{"Mozilla/5.0 (OpenHarmony 5.0)" + webkit + "Chrome/114.0 HuaweiBrowser/5.0", "Huawei Browser", "HarmonyOS"},
	} {
		if browser, system := agent(c.header); browser != c.browser || system != c.system {
			t.Errorf("%s: got %q on %q, want %q on %q", c.header, browser, system, c.browser, c.system)
		}
	}
}

package login

import "strings"

// name is the name of a browser or an operating system, and the text in the header
// User-Agent that identifies it.
type name struct{ name, text string }

// browsers come before those whose text they also contain.
var browsers = []name{
	{"WeChat", "MicroMessenger/"},
	{"DingTalk", "DingTalk/"},
	{"QQ Browser", "QQBrowser/"},
	{"UC Browser", "UCBrowser/"},
	{"Huawei Browser", "HuaweiBrowser/"},
	{"Edge", "Edg"},
	{"Opera", "OPR/"},
	{"Firefox", "Firefox/"},
	{"Firefox", "FxiOS/"},
	{"Chrome", "Chrome/"},
	{"Chrome", "CriOS/"},
	{"Safari", "Safari/"},
}

var systems = []name{
	{"HarmonyOS", "HarmonyOS"},
	{"HarmonyOS", "OpenHarmony"},
	{"Android", "Android"},
	{"iOS", "iPhone"},
	{"iOS", "iPad"},
	{"Windows", "Windows"},
	{"macOS", "Mac OS X"},
	{"Linux", "Linux"},
}

// agent summarizes the header User-Agent, which a client may set to anything, by known
// names. A name is "" if no known one matches.
func agent(header string) (browser, system string) {
	return match(header, browsers), match(header, systems)
}

func match(header string, names []name) string {
	for _, n := range names {
		if strings.Contains(header, n.text) {
			return n.name
		}
	}
	return ""
}

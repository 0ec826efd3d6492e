package idcode

// Holder is the kind of body that holds a Unified Social Credit Code. The code's first
// two characters name it: the registering department and the kind that it registers
// (GB 32100-2015, 4.2 and 4.3).
type Holder string

// Kinds of holders.
const (
	Company     Holder = "company"     // 企业: 91
	SoleTrader  Holder = "sole_trader" // 个体工商户: 92
	Cooperative Holder = "cooperative" // 农民专业合作社: 93
	LawFirm     Holder = "law_firm"    // 律师执业机构: 31
	StateOrgan  Holder = "state_organ" // 机关: 11
	Institution Holder = "institution" // 事业单位: 12
	SocialBody  Holder = "social_body" // 社会团体、民办非企业单位、基金会: 51, 52, 53
	OtherHolder Holder = "other"
)

// HolderOf returns the kind of body that holds the code.
func HolderOf(uscc string) Holder {
	if len(uscc) < 2 {
		return OtherHolder
	}
	switch uscc[:2] {
	case "91":
		return Company
	case "92":
		return SoleTrader
	case "93":
		return Cooperative
	case "31":
		return LawFirm
	case "11":
		return StateOrgan
	case "12":
		return Institution
	case "51", "52", "53":
		return SocialBody
	}
	return OtherHolder
}

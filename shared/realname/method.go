package realname

// Method is a method of verifying an enterprise, or its account holder alone.
type Method string

// The methods of the operating manual, chapter 单位实名认证.
const (
	LegalRepresentative Method = "legal_representative" // 法人身份认证
	BankUKey            Method = "bank_ukey"            // 银行 Ukey 认证
	ICCard              Method = "ic_card"              // 中国电子口岸 IC 卡认证
	AccountHolder       Method = "account_holder"       // the holder's identity alone, after BankUKey or ICCard
)

// Methods lists every method in the order of the methods page.
func Methods() []Method {
	return []Method{ICCard, LegalRepresentative, BankUKey, AccountHolder}
}

// ParseMethod returns the method with that name; ok is false for any other.
func ParseMethod(name string) (m Method, ok bool) {
	switch m = Method(name); m {
	case LegalRepresentative, BankUKey, ICCard, AccountHolder:
		return m, true
	}
	return "", false
}

// StepName names one step of a session.
type StepName string

// The steps of all methods. A step name is also the name of the item in which the
// workflow stores its task token.
const (
	StepEnterprise          StepName = "enterprise"           // 核验企业信息
	StepLegalRepresentative StepName = "legal_representative" // 核验法人身份信息
	StepAccountHolder       StepName = "account_holder"       // 核验管理员身份信息
	StepBank                StepName = "bank"                 // the bank's signed callback
	StepCard                StepName = "card"                 // the card's signed challenge
)

// Steps returns the steps of the method in their order.
func (m Method) Steps() []StepName {
	switch m {
	case LegalRepresentative:
		return []StepName{StepEnterprise, StepLegalRepresentative, StepAccountHolder}
	case BankUKey:
		return []StepName{StepBank}
	case ICCard:
		return []StepName{StepCard}
	case AccountHolder:
		return []StepName{StepAccountHolder}
	}
	return nil
}

// Covers returns the aspects that a verified session of the method passes.
func (m Method) Covers() []AspectName {
	switch m {
	case LegalRepresentative:
		return []AspectName{EnterpriseAspect, HolderAspect}
	case BankUKey, ICCard:
		return []AspectName{EnterpriseAspect}
	case AccountHolder:
		return []AspectName{HolderAspect}
	}
	return nil
}

// Level is the security level of a method (安全级别).
type Level string

// Levels of the manual: 中 and 高.
const (
	Medium Level = "medium"
	High   Level = "high"
)

// Level returns the security level that the methods page shows.
func (m Method) Level() Level {
	if m == BankUKey || m == ICCard {
		return High
	}
	return Medium
}

// Recommended reports whether the methods page marks the method 推荐.
func (m Method) Recommended() bool { return m == ICCard }

package httpapi

import "realname/shared/realname"

func (english) Consent(m realname.Method) string {
	const (
		person = "name, ID type and ID number; and, for the check that I choose, the ID card's validity period, or the " +
			"bank card number and the mobile number on record at the bank. "
		only = "The information is used for this verification only, and only the recipients below receive it. It is " +
			"stored encrypted. The ID document and bank card details that I enter are deleted when the verification ends. "
		free = "I may decline and use another method, and I may cancel at any time before the verification ends."
	)
	switch m {
	case realname.LegalRepresentative:
		return "To complete enterprise real-name verification, I agree that the International Trade Single Window " +
			"collects and checks the following personal information of the legal representative and the account holder: " +
			person + only + free
	case realname.AccountHolder:
		return "To verify the account holder's identity, I agree that the International Trade Single Window collects " +
			"and checks the following personal information of mine: " + person + only +
			"I may decline, and I may cancel at any time before the verification ends."
	case realname.BankUKey:
		return "To complete verification by bank UKey, I agree that the International Trade Single Window passes the " +
			"enterprise's name, unified social credit code and organization code to the bank that I choose, and receives " +
			"the bank's result. This method collects no ID card, bank card or other personal information. The bank handles " +
			"the UKey's information under its own rules. " + free
	case realname.ICCard:
		return "To complete verification by China E-Port IC card, I agree that the International Trade Single Window " +
			"reads the enterprise's information, the certificate number, the issuer and the validity period in the IC " +
			"card's certificate, and stores the certificate number to bind the card. This method collects no ID card, bank " +
			"card or other personal information and passes nothing to others. Only the client control on this computer " +
			"uses the IC card password; it is not sent to this service. " + free
	}
	return ""
}

func (english) Recipient(r realname.Recipient) (name, receives string) {
	switch r.Provider {
	case "tencent":
		name = "Tencent Cloud"
	case "aliyun":
		name = "Alibaba Cloud"
	case "baidu":
		name = "Baidu AI Cloud"
	case "sns":
		name = "Amazon Web Services, Amazon SNS"
	case "sandbox":
		name = "Sandbox (demonstration data)"
	default:
		name = r.Provider
	}
	switch r.Check {
	case realname.RegistryCheck:
		receives = "business registration: enterprise name, unified social credit code, the legal representative's name " +
			"and ID number"
	case realname.IDCardCheck:
		receives = "ID card: name, ID number, validity period"
	case realname.BankCardCheck:
		receives = "bank card: name, ID number, card number, mobile number on record"
	case realname.SMSCheck:
		receives = "SMS codes: mobile number, the last four digits of the bank card"
	}
	return name, receives
}

package httpapi

import (
	"realname/shared/realname"
)

// englishBankProblem returns the texts of the bank method's problems: first the
// problems that users see, then those that a bank's developers see.
func englishBankProblem(code realname.Code) (ProblemText, bool) {
	t := func(title, detail string, causes ...string) (ProblemText, bool) {
		return ProblemText{title, detail, causes}, true
	}
	switch code {
	case realname.CodeBankRefused:
		return t("The bank did not confirm the enterprise",
			"The bank could not confirm the enterprise. Check the UKey and try again, or use another method.",
			"The UKey's certificate has expired or was revoked",
			"The UKey does not belong to this enterprise's corporate account",
			"The UKey is locked after too many wrong passwords")
	case realname.CodeBankMismatch:
		return t("The bank confirmed another enterprise",
			"The enterprise name, unified social credit code or organization code that the bank confirmed does not match "+
				"this enterprise, so it was not verified. Use the UKey of this enterprise's corporate account, or use another "+
				"method.",
			"The UKey belongs to another enterprise",
			"The bank's record of the name or code is out of date")
	case realname.CodeBankUnavailable:
		return t("This bank is temporarily unavailable",
			"Verification by this bank's UKey is temporarily unavailable. Try again later, or use another bank or method.")
	case realname.CodeBankRequests:
		return t("Too many visits to banks",
			"This verification has gone to a bank too many times. Cancel it and start again.")
	case realname.CodeBankSignature:
		return t("Invalid signature",
			"A signature header is missing or malformed, or the signature does not match the content.")
	case realname.CodeBankSerial:
		return t("Unknown key serial", "RN-Serial does not name a valid key of this bank.")
	case realname.CodeBankClock:
		return t("Timestamp out of range",
			"RN-Timestamp differs from the server's clock by more than 300 seconds. "+
				"Correct your clock, sign the request again, and send it.")
	case realname.CodeBankNonce:
		return t("Nonce already used", "RN-Nonce was used before. Sign the request again with a new nonce, and send it.")
	case realname.CodeBankRequestUnknown:
		return t("No such request", "No request has this ID.")
	case realname.CodeBankOther:
		return t("Not this bank's request", "The request was not sent to this bank.")
	case realname.CodeBankRequestClosed:
		return t("The request is closed",
			"A newer request has replaced this one, or its verification has ended. The result was recorded but not applied.")
	case realname.CodeBankResultConflict:
		return t("Another result was accepted",
			"A different result was already accepted for this request. This result was not applied.")
	}
	return ProblemText{}, false
}

func (english) BankReason(r realname.BankReason) string {
	switch r {
	case realname.BankCertificateExpired:
		return "The UKey's certificate has expired. Ask your bank to renew it, and then try again."
	case realname.BankCertificateRevoked:
		return "The UKey's certificate was revoked. Contact your bank, and then try again."
	case realname.BankCertificateInvalid:
		return "The bank did not accept the UKey's certificate. Make sure that the UKey belongs to this enterprise, and " +
			"then try again."
	case realname.BankPasswordLocked:
		return "The UKey is locked after too many wrong passwords. Ask your bank to unlock it, and then try again."
	case realname.BankAccountAbnormal:
		return "There is a problem with the enterprise's corporate account. Contact your bank."
	case realname.BankNotCorporate:
		return "This UKey does not belong to a corporate account. Insert the right UKey and try again."
	case realname.BankOtherEnterprise:
		return "The UKey's certificate names another enterprise. Insert this enterprise's UKey and try again."
	case realname.BankUserCanceled:
		return "You canceled on the bank's page. You can try again. This did not count as an attempt."
	case realname.BankTimedOut:
		return "The visit to the bank's page took too long. You can try again. This did not count as an attempt."
	case realname.BankSystemError:
		return "The bank's system is temporarily unavailable. Try again later. This did not count as an attempt."
	}
	return "The bank could not confirm the enterprise. Ask your bank for the reason, try again, or use another method."
}

func (english) BankName(b realname.BankName) (name, short string) { return b.English, b.ShortEnglish }

package httpapi

import (
	"realname/shared/realname"
)

// englishBankProblem are the words of the bank method's problems: what a user
// sees first, then what a bank's developers see.
func englishBankProblem(code realname.Code) (ProblemText, bool) {
	t := func(title, detail string, causes ...string) (ProblemText, bool) {
		return ProblemText{title, detail, causes}, true
	}
	switch code {
	case realname.CodeBankRefused:
		return t("Not confirmed by the bank", "The bank could not confirm the enterprise. Check and try again, or use another method.",
			"The UKey's certificate has expired or was revoked", "The UKey is not that of this enterprise's corporate account", "The UKey is locked after too many wrong passwords")
	case realname.CodeBankMismatch:
		return t("The bank answered for another enterprise", "The enterprise name, unified social credit code or organisation code that the bank confirmed is not this enterprise's, so it was not verified. Use the UKey of this enterprise's corporate account, or another method.",
			"The UKey inserted is another enterprise's", "The bank's record of the name or code is out of date")
	case realname.CodeBankUnavailable:
		return t("This bank cannot be reached now", "Verification by this bank's UKey is not available now. Try again later, or use another bank or method.")
	case realname.CodeBankRequests:
		return t("Too many visits to banks", "This session has gone to a bank too many times. Cancel it and start anew.")
	case realname.CodeBankSignature:
		return t("Invalid signature", "A signature header is missing or malformed, or the signature does not fit the content.")
	case realname.CodeBankSerial:
		return t("Unknown key serial", "RN-Serial is none of this bank's live keys.")
	case realname.CodeBankClock:
		return t("Timestamp out of range", "RN-Timestamp is more than 300 seconds off the server's clock. Set the clock, sign anew and send again.")
	case realname.CodeBankNonce:
		return t("Nonce already used", "RN-Nonce was used before. Sign anew with a fresh nonce and send again.")
	case realname.CodeBankRequestUnknown:
		return t("No such request", "There is no request of this ID.")
	case realname.CodeBankOther:
		return t("Not this bank's request", "The request was not sent to this bank.")
	case realname.CodeBankRequestClosed:
		return t("The request is closed", "The request was replaced by a newer one, or its session is over. The result was recorded and not applied.")
	case realname.CodeBankResultConflict:
		return t("Another result was accepted", "The request was decided with a different result. This one was not applied.")
	}
	return ProblemText{}, false
}

func (english) BankReason(r realname.BankReason) string {
	switch r {
	case realname.BankCertificateExpired:
		return "The UKey's certificate has expired. Have your bank renew it, then try again."
	case realname.BankCertificateRevoked:
		return "The UKey's certificate was revoked. See your bank, then try again."
	case realname.BankCertificateInvalid:
		return "The bank did not accept the UKey's certificate. Make sure that the UKey is this enterprise's and try again."
	case realname.BankPasswordLocked:
		return "The UKey is locked after too many wrong passwords. Have your bank unlock it, then try again."
	case realname.BankAccountAbnormal:
		return "The enterprise's corporate account is not in order. Contact your bank."
	case realname.BankNotCorporate:
		return "The UKey is not that of a corporate account. Use another one and try again."
	case realname.BankOtherEnterprise:
		return "The enterprise in the UKey's certificate is not this one. Use this enterprise's UKey and try again."
	case realname.BankUserCanceled:
		return "You canceled at the bank. You can try again; this did not count as a try."
	case realname.BankTimedOut:
		return "The visit to the bank took too long. You can try again; this did not count as a try."
	case realname.BankSystemError:
		return "The bank's system could not do it now. Try again later; this did not count as a try."
	}
	return "The bank could not confirm the enterprise. Ask your bank why, try again, or use another method."
}

func (english) BankName(b realname.BankName) (name, short string) { return b.English, b.ShortEnglish }

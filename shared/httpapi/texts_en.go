package httpapi

import (
	"time"

	"realname/shared/realname"
)

// english holds the English counterparts of the texts of chinese.
type english struct{}

func (english) Problem(code realname.Code) ProblemText {
	t := func(title, detail string, causes ...string) ProblemText { return ProblemText{title, detail, causes} }
	switch code {
	case realname.CodeInvalidRequest:
		return t("Check what you entered", "Some fields are missing or invalid. Correct the marked fields and submit again.")
	case realname.CodeConfirmationNeeded:
		return t("Please confirm",
			"A number looks unusual. Compare it with the document. If the document says so, confirm it.")
	case realname.CodeInvalidCredentials:
		return t("Wrong login name or password", "The login name or the password is wrong. Check both and try again.")
	case realname.CodeLoginLocked:
		return t("Sign-in is locked", "Too many wrong passwords were entered. Try again later.")
	case realname.CodeTokenRevoked:
		return t("Please sign in again", "You are no longer signed in. Sign in again to continue.")
	case realname.CodeNotFound:
		return t("Not found", "We could not find that.")
	case realname.CodeConflict:
		return t("Changed by another request",
			"Another page or device has just made a change. Reload the page and try again. "+
				"This submission had no effect and did not count as an attempt.")
	case realname.CodeForbidden:
		return t("Not allowed for this account",
			"This account does not have permission for that. Ask your enterprise's administrator.")
	case realname.CodePreconditionRequired:
		return t("Version missing", "The If-Match header must name the version that this change replaces.")
	case realname.CodePreconditionFailed:
		return t("The information has changed",
			"The information has changed since you opened the page. Reload the page, check the information, and then change "+
				"it again.")
	case realname.CodeConfirmWithdrawal:
		return t("Please confirm",
			"This change withdraws a completed verification, which must then be done again. Confirm to save the change.")
	case realname.CodeCurrentPassword:
		return t("Wrong current password", "The current password is wrong. Nothing was changed.")
	case realname.CodePasswordRequired:
		return t("Current password required", "Enter your current password to make this change.")
	case realname.CodeHolderTaken:
		return t("The ID number is in use",
			"Two accounts of one enterprise cannot have account holders with the same ID number.")
	case realname.CodeLoginNameTaken:
		return t("The login name is in use", "Choose another login name.")
	case realname.CodeEnterpriseCodeTaken:
		return t("This code cannot be used",
			"You cannot change to this unified social credit code. Check the code. If it is correct, contact support.")
	case realname.CodeEnterpriseTooLarge:
		return t("Too many accounts",
			"The enterprise has too many accounts to change its unified social credit code here. "+
				"Contact support to change it.")
	case realname.CodeMaintainedElsewhere:
		return t("Cannot be changed here",
			"Users who registered through the Single Window, or who sign in with an E-Port card, count as verified. "+
				"Their enterprise, legal representative and account holder come from the registration and cannot be changed "+
				"here.")
	case realname.CodeActivationRequired:
		return t("Set a password first",
			"The activation code is correct. Set a password before you sign in for the first time.")
	case realname.CodeActivationWrong:
		return t("Wrong activation code",
			"The login name or the activation code is wrong, or the code is no longer valid. "+
				"Ask your administrator or support for a new code.",
			"The code has already been used",
			"The code has expired")
	case realname.CodeErasureLimit:
		return t("No more requests today", "You have asked for erasure too many times today. Try again tomorrow.")
	case realname.CodeLinkExpired:
		return t("The link is no longer valid",
			"The confirmation link has been used or has expired. Change the e-mail address again to get a new link.")
	case realname.CodeInformationChanged:
		return t("The information has changed",
			"The enterprise's or the account holder's information changed during the verification, so we canceled it. "+
				"Start again.")
	case realname.CodeNotApplicable:
		return t("Not needed or not available yet", "This method does not apply to your account.")
	case realname.CodeAlreadyPassed:
		return t("Already verified", "You have completed this method. You do not need to repeat it.")
	case realname.CodeConsent:
		return t("Consent required",
			"Read and accept the current consent to the processing of personal information before you continue.")
	case realname.CodeSessionLive:
		return t("A verification is in progress", "You can continue it, or cancel it and start again.")
	case realname.CodeSessionLimit:
		return t("No more verifications today", "You have reached today's limit for new verifications. Try again tomorrow.")
	case realname.CodeSessionClosed:
		return t("The verification has ended", "The verification has ended. It cannot be canceled or extended.")
	case realname.CodeStepNotOpen:
		return t("This step is not open",
			"This step has not started or is already complete. Reload the page to see the current step.")
	case realname.CodeKeyReused:
		return t("Idempotency key already used", "An Idempotency-Key cannot be used again with different content.")
	case realname.CodeKeyInProgress:
		return t("The request is in progress", "The same request is still being processed. Try again shortly.")
	case realname.CodeUnavailable:
		return t("The check is temporarily unavailable",
			"Try again later. What you entered is kept, and this did not count as an attempt.")
	case realname.CodeServiceFailing:
		return t("The service is temporarily unavailable", "Try again later.")
	case realname.CodeScope:
		return t("Not allowed with this token", "The token does not have the required scope.")
	case realname.CodeRateLimited:
		return t("Too many requests",
			"This client or network address has reached its limit of requests for this minute. Try again in the next minute.")
	case realname.CodeAttemptsExhausted:
		return t("No attempts left",
			"You have used all attempts. If a time is shown, start again after it. Otherwise you can start again now.")
	case realname.CodeChecksExhausted:
		return t("No more checks today",
			"Today's checks of this account or enterprise are used up. Try again tomorrow, or use another method.")
	case realname.CodeEnterpriseMismatch:
		return t("We could not verify the enterprise",
			"The legal representative's information was not confirmed. Check it and enter it again, or use verification by "+
				"bank instead.",
			"The enterprise name differs from the business license",
			"A recent change is not in the registry data yet, which can take up to 15 working days",
			"The legal representative has changed")
	case realname.CodeEnterpriseUncovered:
		return t("We cannot check the enterprise",
			"The enterprise (or public institution) is not in the registry data, so you cannot complete this method. "+
				"Use another method: bank UKey or China E-Port IC card (recommended).",
			"Public institutions are not in the business registry data",
			"The enterprise was registered only recently")
	case realname.CodeEnterpriseClosed:
		return t("The enterprise is not in business",
			"According to the registry, the enterprise is not in business, so it cannot be verified.",
			"The enterprise was deregistered, revoked, moved out or suspended",
			"A recent change is not in the registry data yet, which can take up to 15 working days")
	case realname.CodeIDCardMismatch, realname.CodeIDCardValidity:
		return t("We could not verify the ID card",
			"The start and end dates of the ID card were not confirmed. Check that you entered them correctly. "+
				"If they are correct, choose one of these options: 1. Activate CTID with the CTID app (see the help on this "+
				"page), and then continue the check by ID card. 2. Use the check by bank card.",
			"The dates are from an old ID card",
			"The name was changed recently")
	case realname.CodeIDCardUncovered:
		return t("We cannot check this ID card",
			"The ID card is not in the records. Use the check by bank card.",
			"The ID card was issued recently")
	case realname.CodeBankCardMismatch:
		return t("We could not verify the bank card",
			"The name, ID number, card number and the mobile number on record at the bank do not match. "+
				"Check them and enter them again.",
			"The account was opened with a 15-digit ID number",
			"The mobile number is not the one on record at the bank",
			"The card is not a UnionPay card",
			"The card was opened within the last few days")
	case realname.CodeBankCardUnusable:
		return t("This bank card cannot be used",
			"The card's current state does not allow verification. Use another card or contact its bank. "+
				"If the legal representative's ID type does not allow the check by bank card, verify the enterprise by bank "+
				"UKey or China E-Port IC card.",
			"The card is frozen, reported lost, closed or expired",
			"Payment without the card present is not enabled",
			"The issuing bank does not support the check",
			"The check by bank card does not support this ID type")
	case realname.CodeSMSCodeWrong:
		return t("Wrong code", "The SMS code is wrong. Enter it again.")
	case realname.CodeSMSCodeExpired:
		return t("The code is no longer valid",
			"Get a new code.",
			"The code is more than five minutes old",
			"The code was sent to another mobile number",
			"The code was entered incorrectly too many times")
	case realname.CodeSMSLimit:
		return t("Too many messages", "You have reached the limit for codes and e-mails. Try again after the time shown.")
	case realname.CodeHolderMismatch:
		return t("Not the account holder",
			"The name or the ID document does not match the account's administrator. "+
				"If the administrator's information is wrong, change it on the account page first.")
	case codeTooLarge:
		return t("Request too large", "The request body is larger than 16 KB.")
	case codeMediaType:
		return t("Unsupported media type", "The request body must be application/json in UTF-8.")
	}
	if text, ok := englishBankProblem(code); ok {
		return text
	}
	if text, ok := (english{}).card(code); ok {
		return text
	}
	return t("Something went wrong on our side",
		"Try again later. If the problem continues, contact support and give the request ID.")
}

func (english) Reason(r realname.IneligibleReason) string {
	switch r {
	case realname.ReasonSingleWindow:
		return "Enterprises that registered through the Single Window already count as verified."
	case realname.ReasonCardLogin:
		return "Enterprises that sign in with an E-Port card already count as verified."
	case realname.ReasonPassed:
		return "You have completed this method. You do not need to repeat it."
	case realname.ReasonEnterpriseNotPassed:
		return "Verify the enterprise first, and then the account holder."
	case realname.ReasonOperator:
		return "Only the administrator can verify the enterprise."
	case realname.ReasonSessionLive:
		return "You have a verification in progress. You can continue it."
	}
	return ""
}

func (english) Hint(h realname.Hint) string {
	if h == realname.HintValidityUnusual {
		return "The validity period is unusual for the cardholder's age when the card was issued (under 16: 5 years; " +
			"16 to 25: 10 years; 26 to 45: 20 years; 46 and over: long-term). " +
			"If the check fails, check the dates again."
	}
	if h == realname.HintLoginAgain {
		return "The IC card is verified. Sign out of all applications and sign in again for this to take effect."
	}
	return ""
}

func (english) Differs(e realname.Element) (what, why string) {
	switch e {
	case realname.ElementName:
		return "The enterprise name differs from the registry.",
			"Common causes: it is not written as on the business license, or it was changed recently."
	case realname.ElementPerson:
		return "The legal representative's name differs from the registry.",
			"Common causes: it is misspelled, or the legal representative was changed recently."
	case realname.ElementStatus:
		return "According to the registry, the enterprise is not in business.",
			"Common causes: it was deregistered, revoked, moved out or suspended."
	}
	return "", ""
}

func (english) Current(day time.Time) string {
	return "After a recent change, the registry's data should be current from " + day.Format("2 January 2006") + "."
}

func (english) Field(f realname.FieldError) string {
	switch f.Kind + ":" + f.Rule {
	case "registry:enterprise_name", "registry:legal_representative_name":
		return "Differs from the registry."
	case "uscc:check_character":
		return "The check character does not follow the rule. Compare the code with the license."
	case "uscc:org_code":
		return "The code is mistyped: characters 9 to 17 are not a valid organization code."
	case "bank_card:luhn":
		return "The check digit does not follow the rule. Compare the number with the card."
	case "confirmed:unknown":
		return "There is nothing to confirm in this field."
	case "org_code:differs_from_uscc":
		return "The organization code must be characters 9 to 17 of the unified social credit code."
	case "uscc:not_the_accounts":
		return "The unified social credit code does not match the account's enterprise."
	case "resident_id:old_15_digit":
		return "15-digit ID numbers are no longer valid. Enter the 18-digit number."
	case "resident_id:hk_macao_residence":
		return "This is the number of a residence permit for Hong Kong or Macao residents. Choose that ID type."
	case "resident_id:taiwan_residence":
		return "This is the number of a residence permit for Taiwan residents. Choose that ID type."
	case "by:resident_id_only":
		return "The check by ID card supports resident ID cards only. Use the check by bank card."
	case "by:bank_card_only":
		return "The registry could not compare the ID number, so only the check by bank card is possible."
	case "mobile:format":
		return "Enter an 11-digit mobile number from mainland China."
	case "certificate:format":
		return "This is not a valid signing certificate. Check the client control."
	case "sms_code:format":
		return "Enter the 6-digit code."
	case "passport:format":
		return "Only passports issued by the People's Republic of China are accepted."
	case "idempotency_key:format":
		return "Idempotency-Key must be 1 to 64 visible ASCII characters, without commas."
	case "holder:taken":
		return "Another account of this enterprise already has this ID number."
	case "login_name:taken":
		return "The login name is in use."
	case "login_name:length":
		return "The login name must have 3 to 64 characters."
	case "login_name:alphabet":
		return "The login name can contain only letters, digits and . _ - @."
	case "uscc:taken":
		return "You cannot change to this code."
	case "current_password:wrong":
		return "The current password is wrong."
	case "password:length":
		return "The password must have 8 to 128 characters."
	case "password:common":
		return "This password is too common. Choose another one."
	case "password:too_weak":
		return "This password is easy to guess. Make it longer, or add less common characters."
	case "password:login_name":
		return "The password must not contain the login name."
	case "password:unchanged":
		return "The new password must differ from the current one."
	case "issuing_country:missing":
		return "For a passport, enter the issuing country."
	case "issuing_country:not_china":
		return "Only documents issued by the People's Republic of China are accepted."
	case "validity:resident_id_only":
		return "Only a resident ID card needs these dates."
	case "email:format":
		return "Enter a valid e-mail address."
	case "region_name:unknown":
		return "Choose a region from the list."
	case "consent:version":
		return "Accept the current version of the consent."
	}
	switch f.Rule {
	case "missing", "empty":
		return "Required."
	case "unknown":
		return "This field is not supported here."
	case "twice":
		return "This field appears more than once."
	case "type":
		return "The type is wrong."
	case "json", "utf8":
		return "The request body is not valid JSON in UTF-8."
	case "length":
		return "The length is wrong."
	case "alphabet":
		return "This contains a character that is not allowed."
	case "check_character":
		return "The number is mistyped: its check character is wrong."
	case "department":
		return "The code is mistyped: its first character is not a registration authority."
	case "region":
		return "The number is mistyped: its region code does not exist."
	case "birth_date":
		return "The number is mistyped: its birth date is not valid."
	case "date":
		return "Enter the date as YYYYMMDD."
	case "not_started":
		return "The validity period has not started yet."
	case "expired":
		return "The document has expired."
	case "order":
		return "The end date must be after the start date."
	case "validity_length":
		return "An ID card must be valid for 5, 10 or 20 years, or long-term (enter eight zeros)."
	case "base64":
		return "This must be Base64 on one line."
	case "control_character":
		return "This contains an invisible character."
	case "placeholder":
		return "A character is missing. Enter the full name as on the document."
	case "masked":
		return "Enter the full name. Do not replace characters with *."
	}
	return "The format is wrong."
}

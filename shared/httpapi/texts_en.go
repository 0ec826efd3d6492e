package httpapi

import (
	"realname/shared/realname"
)

// english says what chinese says.
type english struct{}

func (english) Problem(code realname.Code) ProblemText {
	t := func(title, detail string, causes ...string) ProblemText { return ProblemText{title, detail, causes} }
	switch code {
	case realname.CodeInvalidRequest:
		return t("Please check what you entered", "Something is missing or breaks a rule. Correct the fields named and submit again.")
	case realname.CodeInvalidCredentials:
		return t("Wrong login name or password", "The login name or the password is wrong. Please try again.")
	case realname.CodeLoginLocked:
		return t("Login locked", "There were too many wrong passwords. Please try again later.")
	case realname.CodeTokenRevoked:
		return t("Please log in again", "Your login is no longer valid. Please log in again.")
	case realname.CodeNotFound:
		return t("Not found", "There is no such thing here.")
	case realname.CodeConflict:
		return t("Changed by another request", "Another page or device has just made a change. Reload and try again. This submission had no effect and cost no try.")
	case realname.CodeForbidden:
		return t("Not allowed for this account", "This account may not do that. Please ask your enterprise's administrator.")
	case realname.CodePreconditionRequired:
		return t("Version missing", "A change must say in If-Match which version it replaces.")
	case realname.CodePreconditionFailed:
		return t("Changed since you read it", "The information has changed since the page was opened. Reload it, check, and change it again.")
	case realname.CodeConfirmWithdrawal:
		return t("Please confirm", "With this change, the verification that has passed becomes void and has to be done again. Confirm to save.")
	case realname.CodeCurrentPassword:
		return t("Wrong current password", "The current password is wrong. Nothing was changed.")
	case realname.CodeHolderTaken:
		return t("The ID number is in use", "Within one enterprise no two accounts may have a holder with the same ID number.")
	case realname.CodeLoginNameTaken:
		return t("The login name is in use", "Please choose another login name.")
	case realname.CodeEnterpriseCodeTaken:
		return t("This code cannot be used", "The Unified Social Credit Code cannot be changed to this one. Check it; if it is right, ask the help desk.")
	case realname.CodeEnterpriseTooLarge:
		return t("Too many accounts", "The enterprise has so many accounts that its code has to be changed by the help desk.")
	case realname.CodeMaintainedElsewhere:
		return t("Not changed here", "Users who registered through the Single Window or log in with an E-Port card count as verified: enterprise, legal representative and account holder are as they were registered, and are not changed here.")
	case realname.CodeActivationRequired:
		return t("Choose a password first", "The activation code is right. Choose a password to log in for the first time.")
	case realname.CodeActivationWrong:
		return t("Wrong activation code", "The login name or the activation code is wrong, or the code no longer works. Ask your administrator or the help desk for a new one.", "The code has been used", "The code has run out")
	case realname.CodeLinkExpired:
		return t("The link no longer works", "The link has been used or has run out. Change the e-mail address again.")
	case realname.CodeInformationChanged:
		return t("The information has changed", "The enterprise's or the account holder's information changed during the verification, so it was canceled. Please start again.")
	case realname.CodeNotApplicable:
		return t("Not needed, or not possible yet", "This method is not for this account.")
	case realname.CodeAlreadyPassed:
		return t("Already verified", "This method has passed. There is no need to repeat it.")
	case realname.CodeConsent:
		return t("Consent required", "Please read and accept the current consent to the handling of personal information before you begin.")
	case realname.CodeSessionLive:
		return t("A verification is under way", "You can go on with it, or cancel it and start again.")
	case realname.CodeSessionLimit:
		return t("No more verifications today", "You have started as many as are allowed today. Please try again tomorrow.")
	case realname.CodeSessionClosed:
		return t("The verification is closed", "It is closed and cannot be canceled.")
	case realname.CodeStepNotOpen:
		return t("This step is not open", "The step has not begun or is over. Reload the page to see the current step.")
	case realname.CodeKeyReused:
		return t("Idempotency key used before", "One Idempotency-Key cannot be used for different contents.")
	case realname.CodeKeyInProgress:
		return t("The request is running", "The same request is still running. Please try again shortly.")
	case realname.CodeUnavailable:
		return t("The check is not available for the moment", "Please try again later. Nothing you entered is lost and no try was used.")
	case realname.CodeServiceFailing:
		return t("The service is not available for the moment", "Please try again later.")
	case realname.CodeScope:
		return t("Not allowed with this token", "The token does not have the scope that this needs.")
	case realname.CodeRateLimited:
		return t("Too many requests", "The client has used its requests of this minute. Please go on in the next one.")
	case realname.CodeAttemptsExhausted:
		return t("No tries left", "All tries are used. Start again after the time given, or use another method.")
	case realname.CodeEnterpriseMismatch:
		return t("The enterprise could not be confirmed", "The legal representative's information was not confirmed. Check it and fill it in again, or try verification by bank.",
			"The enterprise's name differs from the business licence", "A recent change has not reached the data yet, which takes up to 15 working days", "The legal representative has changed")
	case realname.CodeEnterpriseUncovered:
		return t("The enterprise cannot be checked", "The enterprise (or public institution) is not in the registry's data, so this method cannot be completed. Use another one: bank UKey or China E-Port IC card (recommended).",
			"Public institutions are not in the data of the business registry", "The enterprise was registered only recently")
	case realname.CodeEnterpriseClosed:
		return t("The enterprise is not in business", "The registry shows the enterprise as not in business, so it cannot be verified.",
			"The enterprise was deregistered, revoked, moved out or suspended", "A recent change has not reached the data yet, which takes up to 15 working days")
	case realname.CodeIDCardMismatch, realname.CodeIDCardValidity:
		return t("The ID card was not confirmed", "The start and end of the ID card's validity were not confirmed. Check them carefully; if they are right, go on in one of these ways: 1. activate CTID with the CTID app (see the help on this page) and repeat ID-card verification; 2. use bank-card verification.",
			"The dates are those of an old ID card", "The name was changed recently")
	case realname.CodeIDCardUncovered:
		return t("The ID card cannot be checked", "The ID card is not in the data. Please use bank-card verification.", "The ID card was issued recently")
	case realname.CodeBankCardMismatch:
		return t("The bank card was not confirmed", "Name, ID number, card number and the mobile number reserved at the bank do not belong together. Check them and try again.",
			"The account was opened with a 15-digit ID number", "The mobile number is not the one reserved at the bank", "The card is not a UnionPay card", "The card was opened within the last few days")
	case realname.CodeBankCardUnusable:
		return t("This bank card cannot be used", "The card's present state does not allow verification. Use another card or ask its bank. If the legal representative's ID type does not allow bank-card verification, verify the enterprise by bank UKey or China E-Port IC card.",
			"The card is frozen, reported lost, closed or expired", "Card-less payment is not enabled", "The issuer does not support it", "The ID type does not allow bank-card verification")
	case realname.CodeSMSCodeWrong:
		return t("Wrong code", "The code is not right. Please enter it again.")
	case realname.CodeSMSCodeExpired:
		return t("The code is no longer valid", "Please ask for a new code.", "It is older than five minutes", "It was sent to another number", "It was entered wrongly too often")
	case realname.CodeSMSLimit:
		return t("Too many messages", "As many codes or e-mails were sent as are allowed. Please try again after the time given.")
	case realname.CodeHolderMismatch:
		return t("Not the account holder", "Name or document are not those of the account's administrator. If the administrator's information is wrong, change it on the account page first.")
	case codeTooLarge:
		return t("Request too large", "The body is larger than 16 KB.")
	case codeMediaType:
		return t("Unsupported media type", "The body has to be application/json in UTF-8.")
	}
	if text, ok := englishBankProblem(code); ok {
		return text
	}
	if text, ok := (english{}).card(code); ok {
		return text
	}
	return t("Something went wrong on our side", "Please try again later. If it goes on, contact support with the request ID.")
}

func (english) Reason(r realname.IneligibleReason) string {
	switch r {
	case realname.ReasonSingleWindow:
		return "Enterprises registered through the Single Window count as verified already."
	case realname.ReasonCardLogin:
		return "Enterprises that log in with an E-Port card count as verified already."
	case realname.ReasonPassed:
		return "This method has passed. There is no need to repeat it."
	case realname.ReasonEnterpriseNotPassed:
		return "Verify the enterprise first, then the account holder."
	case realname.ReasonOperator:
		return "The enterprise is verified by its administrator."
	case realname.ReasonSessionLive:
		return "A verification is under way; you can go on with it."
	}
	return ""
}

func (english) Hint(h realname.Hint) string {
	if h == realname.HintValidityUnusual {
		return "The length of validity is unusual for the holder's age at issue (under 16: 5 years, 16–25: 10, 26–45: 20, from 46: long-term). If the check fails, look at the dates again."
	}
	if h == realname.HintLoginAgain {
		return "The IC card is verified. Leave all applications and log in again for it to take effect."
	}
	return ""
}

func (english) Consent() string {
	return "To complete enterprise real-name authentication I agree that the International Trade Single Window collects and checks this personal information: names, ID types, ID numbers and ID-card validity of the legal representative and the account holder, bank card numbers and the mobile numbers reserved at the bank; and that it is passed to the bodies that check business registration, ID-card and bank-card data, for this check only. It is stored encrypted, and what I enter of documents and bank cards is deleted when the verification ends. I may decline and use another method, and I may cancel until it ends."
}

func (english) Field(f realname.FieldError) string {
	switch f.Kind + ":" + f.Rule {
	case "org_code:differs_from_uscc":
		return "The organisation code must be characters 9 to 17 of the Unified Social Credit Code."
	case "uscc:not_the_accounts":
		return "The Unified Social Credit Code is not that of the account's enterprise."
	case "resident_id:old_15_digit":
		return "15-digit ID numbers are no longer valid; enter the 18-digit number."
	case "by:resident_id_only":
		return "ID-card verification is for resident ID cards only; use bank-card verification."
	case "mobile:format":
		return "Enter an 11-digit mobile number of mainland China."
	case "certificate:format":
		return "This is no signing certificate. Check the client control."
	case "sms_code:format":
		return "Enter the code of 6 digits."
	case "passport:format":
		return "Only passports issued by the People's Republic of China are accepted."
	case "idempotency_key:format":
		return "Idempotency-Key must be 1 to 64 visible ASCII characters but the comma."
	case "holder:taken":
		return "The ID number is that of another account's holder in this enterprise."
	case "login_name:taken":
		return "The login name is in use."
	case "login_name:length":
		return "A login name has 3 to 64 characters."
	case "login_name:alphabet":
		return "A login name has letters, digits, and . _ - @ only."
	case "uscc:taken":
		return "The code cannot be changed to this one."
	case "current_password:wrong":
		return "The current password is wrong."
	case "password:length":
		return "A password has 8 to 128 characters."
	case "password:common":
		return "This password is too common."
	case "password:too_weak":
		return "This password is easy to guess: make it longer or less usual."
	case "password:login_name":
		return "A password must not contain the login name."
	case "password:unchanged":
		return "The new password is the current one."
	case "issuing_country:missing":
		return "With a passport, the issuing country is required."
	case "issuing_country:not_china":
		return "Only documents issued by the People's Republic of China are accepted."
	case "validity:resident_id_only":
		return "Only a resident ID card has these dates."
	case "email:format":
		return "This is no e-mail address."
	case "region_name:unknown":
		return "Choose a place of access from the list."
	case "consent:version":
		return "Accept the current version of the consent."
	}
	switch f.Rule {
	case "missing", "empty":
		return "Required."
	case "unknown":
		return "This is not expected here."
	case "twice":
		return "This is given twice."
	case "type":
		return "This has the wrong type."
	case "json", "utf8":
		return "The body is not valid JSON in UTF-8."
	case "length":
		return "The length is not right."
	case "alphabet":
		return "There is a character that is not allowed."
	case "check_character", "luhn":
		return "The number is mistyped: its check character does not fit."
	case "region":
		return "The number is mistyped: there is no such region."
	case "birth_date":
		return "The number is mistyped: the birth date is not possible."
	case "date":
		return "Enter the date as YYYYMMDD."
	case "not_started":
		return "The validity has not begun yet."
	case "expired":
		return "The document has expired."
	case "order":
		return "The end must be after the start."
	case "validity_length":
		return "An ID card is valid for 5, 10 or 20 years, or long-term (enter eight zeros)."
	case "base64":
		return "This has to be Base64 on one line."
	case "control_character":
		return "There is an invisible character in it."
	}
	return "The format is not right."
}

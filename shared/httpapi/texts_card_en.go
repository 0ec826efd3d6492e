package httpapi

import (
	"realname/shared/realname"
)

// card holds the words for E-Port cards; ok is false for any other code.
func (english) card(code realname.Code) (text ProblemText, ok bool) {
	t := func(title, detail string, causes ...string) (ProblemText, bool) {
		return ProblemText{title, detail, causes}, true
	}
	switch code {
	case realname.CodeCardChallengeUnknown:
		return t("Challenge not known", "This signature answers no request of ours. Please start the card check again.")
	case realname.CodeCardChallengeExpired:
		return t("That took too long", "Signing took more than two minutes. Please start the card check again and enter the PIN in time. No try was used.")
	case realname.CodeCardChallengeUsed:
		return t("Signing request used before", "Each signing request can be answered once. Please start the card check again. No try was used.", "The page sent the answer twice", "It was answered on another page")
	case realname.CodeCardChallengeElsewhere:
		return t("Signing request of another verification", "This signing request belongs to another verification or account. Please start the card check again on this page. No try was used.", "Several verification pages are open")
	case realname.CodeCardSignatureWrong:
		return t("Card signature not confirmed", "The signature is not the card's. Make sure that the same card stays in the reader, insert it again and retry.", "The card was changed while signing", "The client control is out of date")
	case realname.CodeCardSHA1:
		return t("Card signs in an outdated way", "The card signs with RSA-SHA1, which is not accepted here. Have the card replaced at an E-Port card centre, or use another method. No try was used.")
	case realname.CodeCardUnsuitable:
		return t("Certificate cannot be used", "Kind, algorithm or key length of the card's certificate does not meet the requirements. Have the card replaced at an E-Port card centre, or use another method. No try was used.", "The card was issued long ago", "It is not an E-Port card")
	case realname.CodeCardNotYetValid:
		return t("Card not valid yet", "The validity of the card's certificate has not begun. Try again when it has, or use another method. No try was used.", "The card was made only just now")
	case realname.CodeCardExpired:
		return t("Card expired", "The card's certificate has expired. Have it extended at an E-Port card centre, or use another method. No try was used.", "The card was not extended in time")
	case realname.CodeCardIssuerUnknown:
		return t("Card issuer not trusted", "The card was not issued by an authority that is trusted here. Insert an E-Port card, or use another method. No try was used.", "It is another organisation's card, or one for tests")
	case realname.CodeCardUsageWrong:
		return t("Not a signing certificate", "This certificate is not for signing. Check the client control, or use another method. No try was used.", "The card's encryption certificate was read")
	case realname.CodeCardUnnamed:
		return t("Card names no enterprise", "The card's certificate holds neither a Unified Social Credit Code nor an organisation code. Use the enterprise's card, or another method. No try was used.", "It is a personal card", "The code was not registered when the card was issued")
	case realname.CodeCardWrongEnterprise:
		return t("Card of another enterprise", "The enterprise in the card's certificate is not the account's. Insert the enterprise's own card. If the account's data is wrong, correct it on the account page first.", "It is another enterprise's card", "The card was not replaced after a change of name or code")
	case realname.CodeCardRevoked:
		return t("Card revoked", "The card's certificate was revoked by its issuer. Turn to an E-Port card centre, or use another method. No try was used.", "The card was reported lost or cancelled", "A new card was issued")
	case realname.CodeCRLStale:
		return t("The card cannot be confirmed for the moment", "The issuer's revocation list has run out and no new one is published yet. Please try again later. Card and remaining tries are not affected.")
	case realname.CodeCRLUnavailable:
		return t("Revocation cannot be looked up for the moment", "The issuer's revocation list cannot be had. Please try again later. Card and remaining tries are not affected.")
	case realname.CodeCardBoundElsewhere:
		return t("Card serves another enterprise", "The card's certificate is bound to another enterprise's account; one card serves one enterprise. Unbind it there, or use another method. No try was used.")
	}
	return ProblemText{}, false
}

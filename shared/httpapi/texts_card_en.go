package httpapi

import (
	"realname/shared/realname"
)

// card returns the texts for E-Port cards; ok is false for any other code.
func (english) card(code realname.Code) (text ProblemText, ok bool) {
	t := func(title, detail string, causes ...string) (ProblemText, bool) {
		return ProblemText{title, detail, causes}, true
	}
	switch code {
	case realname.CodeCardChallengeUnknown:
		return t("Unknown signing request",
			"We could not find the signing request that this signature answers. Start the card check again.")
	case realname.CodeCardChallengeExpired:
		return t("The signing request has expired",
			"Signing took more than two minutes. Start the card check again and enter the IC card password in time. "+
				"This did not count as an attempt.")
	case realname.CodeCardChallengeUsed:
		return t("Signing request already used",
			"A signing request can be answered only once. Start the card check again. This did not count as an attempt.",
			"The page submitted the answer twice",
			"Another page submitted the answer")
	case realname.CodeCardChallengeElsewhere:
		return t("Signing request of another verification",
			"This signing request belongs to another verification or account. Start the card check again on this page. "+
				"This did not count as an attempt.",
			"Several verification pages are open")
	case realname.CodeCardChallengeLimit:
		return t("Too many signing requests",
			"You have started the card check too many times today. Try again tomorrow, or use another method.")
	case realname.CodeCardSignatureWrong:
		return t("We could not verify the card's signature",
			"The signature does not match the card's certificate. Make sure that the same card is in the reader, insert it "+
				"again, and then try again.",
			"The card was changed while it was signing",
			"The client control is out of date")
	case realname.CodeCardSHA1:
		return t("The card's signature algorithm is outdated",
			"The card signs with RSA-SHA1, which we do not accept. Have the card replaced at an E-Port card center, or use "+
				"another method. This did not count as an attempt.")
	case realname.CodeCardUnsuitable:
		return t("The card's certificate cannot be used",
			"The type, algorithm or key length of the card's certificate does not meet the requirements. "+
				"Have the card replaced at an E-Port card center, or use another method. This did not count as an attempt.",
			"The card was issued a long time ago",
			"The card is not an E-Port card")
	case realname.CodeCardNotYetValid:
		return t("The card is not valid yet",
			"The validity period of the card's certificate has not started. "+
				"Try again when it has started, or use another method. This did not count as an attempt.",
			"The card was made only recently and becomes valid later")
	case realname.CodeCardExpired:
		return t("The card has expired",
			"The card's certificate has expired. Have it extended at an E-Port card center, or use another method. "+
				"This did not count as an attempt.",
			"The card was not extended in time")
	case realname.CodeCardIssuerUnknown:
		return t("The card's issuer is not trusted",
			"We do not trust the authority that issued this card. Insert an E-Port card, or use another method. "+
				"This did not count as an attempt.",
			"The card is a test card or was issued by another organization")
	case realname.CodeCardUsageWrong:
		return t("Not a signing certificate",
			"This certificate is not for signing. Check the client control, or use another method. "+
				"This did not count as an attempt.",
			"The control read the card's encryption certificate")
	case realname.CodeCardUnnamed:
		return t("The card does not name an enterprise",
			"The card's certificate contains neither a unified social credit code nor an organization code. "+
				"Use the enterprise's card, or use another method. This did not count as an attempt.",
			"The card is a personal card",
			"The code was not registered when the card was issued")
	case realname.CodeCardWrongEnterprise:
		return t("Card of another enterprise",
			"The enterprise in the card's certificate is not this account's enterprise. Insert your enterprise's card. "+
				"If the enterprise's information is wrong, change it on the account page first.",
			"The card belongs to another enterprise",
			"The card was not replaced after the enterprise's name or code changed")
	case realname.CodeCardRevoked:
		return t("The card is revoked",
			"The issuer has revoked the card's certificate. Contact an E-Port card center, or use another method. "+
				"This did not count as an attempt.",
			"The card was reported lost or was canceled",
			"A new card was issued")
	case realname.CodeCRLStale:
		return t("We cannot check the card at the moment",
			"The issuer's revocation list has expired and a new one is not available yet. Try again later. "+
				"Your card and your remaining attempts are not affected.")
	case realname.CodeCRLUnavailable:
		return t("We cannot check the revocation list at the moment",
			"The issuer's revocation list is temporarily unavailable. Try again later. "+
				"Your card and your remaining attempts are not affected.")
	case realname.CodeCardBoundElsewhere:
		return t("Card bound to another enterprise",
			"The card's certificate is bound to another enterprise's account. One card serves one enterprise. "+
				"Unbind it from that account, or use another method. This did not count as an attempt.")
	}
	return ProblemText{}, false
}

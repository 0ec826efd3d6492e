package data

import (
	"strconv"
	"strings"
)

func operatingStatus(r row) (int, error) {
	text := word(r.get("operatingStatus"))
	for code, name := range map[int]string{
		1: "in_business", 2: "moved_out", 3: "deregistered", 4: "revoked", 5: "withdrawn", 6: "suspended", 0: "other",
		-10002: "not_found",
	} {
		if text == name || text == strconv.Itoa(code) {
			return code, nil
		}
	}
	return 0, r.fail("operatingStatus", "%q is no operating status", text)
}

func covered(r row) (bool, error) {
	switch word(r.get("covered")) {
	case "true", "yes", "y", "1", "是":
		return true, nil
	case "false", "no", "n", "0", "否":
		return false, nil
	}
	return false, r.fail("covered", "%q is neither true nor false", r.get("covered"))
}

// cardState reads a state of bank-cards.csv: ok, a reason of
// BankCard4EVerification in words, or its code.
func cardState(r row) (int, error) {
	text := word(r.get("state"))
	for code, names := range map[int][]string{
		0: {"ok"}, -1: {"fail", "failed", "mismatch"}, -2: {"name"}, -3: {"id_number"}, -4: {"card_format"}, -5: {"phone"},
		-6: {"holder_data_wrong"},
		-7: {"not_enabled", "not_enabled_for_cardless_payment", "card_not_enabled_for_card_less_payment", "card_not_enabled"},
		-8: {"confiscated"}, -9: {"invalid", "invalid_card"}, -10: {"no_issuer"},
		-11: {"dormant", "uninitialised", "uninitialised_or_dormant"}, -12: {"fraud", "fraud_card"},
		-13: {"lost", "reported_lost"},
		-14: {"expired"}, -15: {"restricted", "frozen"}, -16: {"pin_tries_exceeded"},
		-17: {"not_supported", "not_supported_by_issuer"},
		-18: {"busy", "service_busy"}, -19: {"limit", "limited", "limit_next_day", "limit,_next_day"},
		-20: {"id_type_not_supported"},
		-21: {"abnormal", "closed", "card_state_abnormal", "state_abnormal"},
	} {
		for _, name := range append(names, strconv.Itoa(code)) {
			if text == name {
				return code, nil
			}
		}
	}
	return 0, r.fail("state", "%q is no state of a bank card", r.get("state"))
}

// word normalizes the spelling of a word. It keeps the sign of a number.
func word(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if _, err := strconv.Atoi(s); err == nil {
		return s
	}
	return strings.NewReplacer(" ", "_", "-", "_").Replace(s)
}

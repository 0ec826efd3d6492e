package idcode

import "time"

// LongTerm is the end of an ID card that does not expire (长期); users type eight
// zeros.
const LongTerm = "00000000"

// ValidateValidity checks the dates of a resident ID card, both YYYYMMDD: start ≤
// today ≤ end, and a length of 5, 10 or 20 years, or long-term (Resident Identity
// Card Law, Art. 5). The error's Code names the invalid date: "valid_from" or
// "valid_to".
func ValidateValidity(from, to string, today time.Time) error {
	if err := ValidateValidityRange(from, to); err != nil {
		return err
	}
	now := dateOf(today)
	if start, _ := parseDate(from); start.after(now) {
		return broken("valid_from", RuleNotStarted)
	}
	if end, ok := parseDate(to); ok && now.after(end) {
		return broken("valid_to", RuleExpired)
	}
	return nil
}

// ValidateValidityStart checks only the start of a card's validity: a date YYYYMMDD.
// The error's Code is "valid_from".
func ValidateValidityStart(from string) error { return validateDate("valid_from", from) }

// ValidateValidityEnd checks only the end of a card's validity: a date YYYYMMDD, or
// long-term. The error's Code is "valid_to".
func ValidateValidityEnd(to string) error {
	if to == LongTerm {
		return nil
	}
	return validateDate("valid_to", to)
}

func validateDate(kind, s string) error {
	if s == "" {
		return broken(kind, RuleEmpty)
	}
	if _, ok := parseDate(s); !ok {
		return broken(kind, RuleDate)
	}
	return nil
}

// ValidateValidityRange is ValidateValidity without the comparison with today, for
// a card that may have expired.
func ValidateValidityRange(from, to string) error {
	if from == "" {
		return broken("valid_from", RuleEmpty)
	}
	if to == "" {
		return broken("valid_to", RuleEmpty)
	}
	start, ok := parseDate(from)
	if !ok {
		return broken("valid_from", RuleDate)
	}
	if to == LongTerm {
		return nil
	}
	end, ok := parseDate(to)
	if !ok {
		return broken("valid_to", RuleDate)
	}
	if !end.after(start) {
		return broken("valid_to", RuleOrder)
	}
	if validityYears(start, end) == 0 {
		return broken("valid_to", RuleValidityLength)
	}
	return nil
}

// validityYears returns 5, 10 or 20 if end is that many years after start,
// otherwise 0. A card from 29 February ends on 28 February or 1 March of a common
// year.
func validityYears(start, end date) int {
	years := end.year - start.year
	if years != 5 && years != 10 && years != 20 {
		return 0
	}
	if end.month == start.month && end.day == start.day {
		return years
	}
	if start.month == 2 && start.day == 29 && daysIn(end.year, 2) == 28 &&
		(end.month == 2 && end.day == 28 || end.month == 3 && end.day == 1) {
		return years
	}
	return 0
}

// ValidityUnusual reports whether the card's length differs from the one that the
// Resident Identity Card Law, Art. 5, sets for the holder's age at issue: under 16
// five years, 16–25 ten, 26–45 twenty, from 46 long-term. It is advice, never a
// refusal. Invalid codes and dates are never unusual.
func ValidityUnusual(residentID, from, to string) bool {
	start, ok := parseDate(from)
	if !ok || len(residentID) != 18 {
		return false
	}
	birth, ok := parseDate(residentID[6:14])
	if !ok {
		return false
	}
	age := start.year - birth.year
	if start.month < birth.month || start.month == birth.month && start.day < birth.day {
		age--
	}
	want := 0 // long-term
	switch {
	case age < 16:
		want = 5
	case age <= 25:
		want = 10
	case age <= 45:
		want = 20
	}
	if to == LongTerm {
		return want != 0
	}
	end, ok := parseDate(to)
	return ok && validityYears(start, end) != want
}

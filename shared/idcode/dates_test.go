package idcode_test

import (
	"fmt"
	"testing"
	"time"

	"realname/shared/idcode"
)

// exists reports whether the standard library knows the day.
func exists(year, month, day int) bool {
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return year > 0 && d.Year() == year && d.Month() == time.Month(month) && d.Day() == day
}

func TestADateIsADayOfTheCalendar(t *testing.T) {
	check := func(year, month, day int) {
		text := fmt.Sprintf("%04d%02d%02d", year, month, day)
		if got, want := idcode.ValidateValidityStart(text) == nil, exists(year, month, day); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
	for year := range 10_000 {
		check(year, 2, 29)
		check(year, 12, 31)
	}
	for _, year := range []int{1, 2023, 2024} {
		for month := range 14 {
			for day := range 33 {
				check(year, month, day)
			}
		}
	}
}

func TestADateIsEightDigits(t *testing.T) {
	for text, rule := range map[string]string{
		"":          "empty",
		"2024022":   "date",
		"202402290": "date",
		"2024022/":  "date",
		"2024022:":  "date",
		"/0240229":  "date",
		"20240229":  "",
		"00000000":  "date", // an end only
	} {
		check(t, "start "+text, idcode.ValidateValidityStart(text), rule)
	}
	check(t, "long-term", idcode.ValidateValidityEnd(idcode.LongTerm), "")
	check(t, "no end", idcode.ValidateValidityEnd(""), "empty")
	check(t, "31 February", idcode.ValidateValidityEnd("20240231"), "date")
}

func TestTheEndOfACardComesAfterItsStart(t *testing.T) {
	for _, c := range []struct{ from, to, rule string }{
		{"20160425", "20150426", "order"}, // an earlier year, a later day
		{"20160425", "20150525", "order"}, // an earlier year, a later month
		{"20160425", "20160326", "order"}, // an earlier month, a later day
		{"20160425", "20160424", "order"},
		{"20160425", "20160425", "order"},
		{"20160425", "20160426", "validity_length"},
		{"20160425", "20160524", "validity_length"},
		{"20160425", "20170324", "validity_length"},
		{"20160425", "20210425", ""},
		{"20160425", "20260425", ""},
		{"20160425", "20360425", ""},
		{"20160425", "20200425", "validity_length"},
		{"20160425", "20220425", "validity_length"},
		{"20160425", "20310425", "validity_length"},
		{"20160425", "20210525", "validity_length"}, // five years and a month
		{"20160425", "20210325", "validity_length"},
		{"20160425", "20210424", "validity_length"},
		{"20160229", "20210228", ""},
		{"20160229", "20210301", ""},
		{"20160229", "20210227", "validity_length"},
		{"20160229", "20210302", "validity_length"},
		{"20160229", "20210328", "validity_length"},
		{"20160229", "20210401", "validity_length"},
		{"20160229", "20360229", ""}, // to a leap year, which has the day
		{"20160229", "20360228", "validity_length"},
		{"20160229", "20360301", "validity_length"},
		{"20160228", "20210301", "validity_length"}, // not from 29 February
		{"20160329", "20210301", "validity_length"},
		{"20160129", "20210228", "validity_length"},
	} {
		check(t, c.from+"/"+c.to, idcode.ValidateValidityRange(c.from, c.to), c.rule)
	}
}

func TestACardIsValidFromItsFirstDayToItsLast(t *testing.T) {
	for day, rule := range map[string]string{
		"20160424": "not_started", "20160425": "", "20260425": "", "20260426": "expired",
		"20150426": "not_started", "20160324": "not_started", "20270101": "expired", "20260501": "expired",
	} {
		on, err := time.Parse("20060102", day)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "on "+day, idcode.ValidateValidity("20160425", "20260425", on), rule)
	}
}

func TestTheUsualValidityChangesOnBirthdays(t *testing.T) {
	const born = "110101198006151234" // 15 June 1980
	for _, c := range []struct{ from, usual string }{
		{"19960514", "20010514"}, {"19960614", "20010614"}, // the last days at 15: five years
		{"19960615", "20060615"}, {"19960701", "20060701"}, // 16: ten
		{"20060614", "20160614"}, // the last day at 25
		{"20060615", "20260615"}, // 26: twenty
		{"20260614", "20460614"}, // the last day at 45
		{"20260615", idcode.LongTerm},
	} {
		year := func(years int) string {
			start, err := time.Parse("20060102", c.from)
			if err != nil {
				t.Fatal(err)
			}
			return start.AddDate(years, 0, 0).Format("20060102")
		}
		for _, to := range []string{year(5), year(10), year(20), idcode.LongTerm} {
			if got, want := idcode.ValidityUnusual(born, c.from, to), to != c.usual; got != want {
				t.Errorf("%s–%s: got %v, want %v", c.from, to, got, want)
			}
		}
	}
	for _, c := range []struct{ id, from, to string }{
		{"11010119800615123", "20260615", "20310615"},  // 17 characters
		{"110101198013151234", "20260615", "20310615"}, // no such birth date
		{born, "20260631", "20310615"},
		{born, "20260615", "20310631"},
	} {
		if idcode.ValidityUnusual(c.id, c.from, c.to) {
			t.Errorf("%s, %s–%s: an invalid value is unusual", c.id, c.from, c.to)
		}
	}
}

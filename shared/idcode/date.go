package idcode

import "time"

// date is a calendar day.
type date struct{ year, month, day int }

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, int(m), d}
}

func (d date) after(o date) bool {
	if d.year != o.year {
		return d.year > o.year
	}
	if d.month != o.month {
		return d.month > o.month
	}
	return d.day > o.day
}

// parseDate parses YYYYMMDD; ok is false if the day does not exist.
func parseDate(s string) (d date, ok bool) {
	if len(s) != 8 || !allDigits(s) {
		return date{}, false
	}
	d.year = int(s[0]-'0')*1000 + int(s[1]-'0')*100 + int(s[2]-'0')*10 + int(s[3]-'0')
	d.month = int(s[4]-'0')*10 + int(s[5]-'0')
	d.day = int(s[6]-'0')*10 + int(s[7]-'0')
	if d.year < 1 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > daysIn(d.year, d.month) {
		return date{}, false
	}
	return d, true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

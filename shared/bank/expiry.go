package bank

import "time"

// KeysEnd returns the instant from which either side has no live key: the bank,
// or this service for the bank. A side's keys end with its live key, or with the
// last successor that takes over without a gap. If a side has no live key now,
// KeysEnd returns now.
func (b Bank) KeysEnd(now time.Time) time.Time {
	own := make([]Key, len(b.OwnKeys))
	for i, k := range b.OwnKeys {
		own[i] = k.Key
	}
	theirs, ours := covered(b.Keys, now), covered(own, now)
	if ours.Before(theirs) {
		return ours
	}
	return theirs
}

// covered returns the end of the time, beginning at the instant, in which at
// least one key is live.
func covered(keys []Key, at time.Time) time.Time {
	for moved := true; moved; {
		moved = false
		for _, k := range keys {
			if k.Live(at) {
				at, moved = k.NotAfter, true
			}
		}
	}
	return at
}

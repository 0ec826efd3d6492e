package bank

import "time"

// KeysEnd is the instant from which the bank, or this service for the bank,
// would be without a live key: the end of the key that counts now, or of the
// last successor that takes over without a gap. Now, when one of them has none.
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

// covered is how long, from the instant on, at least one of the keys is live.
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

package audit

import (
	"encoding/json"
	"fmt"
	"sort"
)

// Fault names the damage at one place of a trail.
type Fault string

// Faults of a trail.
const (
	Missing Fault = "missing" // an entry does not exist
	Changed Fault = "changed" // an entry does not match its hash
	// Unchained means that an entry does not hold the hash of the previous
	// entry: one of the two was replaced.
	Unchained  Fault = "unchained"
	Unexpected Fault = "unexpected" // the trail's head does not count this entry
	Rewritten  Fault = "rewritten"  // the trail does not contain a head noted elsewhere
	// HeadLost means that the head, which counts the entries, is gone or holds
	// another last hash.
	HeadLost Fault = "head_lost"
)

// Finding is a fault and its place in the trail.
type Finding struct {
	Seq   int64 `json:"seq"`
	Fault Fault `json:"fault"`
}

// Head is the expected end of a trail: the head stored with the trail, or one
// noted elsewhere before.
type Head struct {
	Entries int64
	Hash    string
}

// Verify checks a whole trail, in any order, against its head. It returns no
// finding if the trail is unchanged.
func Verify(entries []map[string]any, head Head) []Finding {
	var found []Finding
	bySeq := map[int64]map[string]any{}
	for _, e := range entries {
		seq := seqOf(e)
		if _, twice := bySeq[seq]; twice || seq < 1 || seq > head.Entries {
			found = append(found, Finding{seq, Unexpected})
			continue
		}
		bySeq[seq] = e
	}
	prev, known := "", true // known: the hash of the previous entry can be trusted
	for seq := int64(1); seq <= head.Entries; seq++ {
		e, there := bySeq[seq]
		if !there {
			found = append(found, Finding{seq, Missing})
			known = false
			continue
		}
		hash, err := Hash(e)
		switch {
		case err != nil || hash != e[HashField]:
			found = append(found, Finding{seq, Changed})
		case known && e[PrevField] != prev:
			found = append(found, Finding{seq, Unchained})
		}
		prev, _ = e[HashField].(string)
		known = true
	}
	if known && prev != head.Hash {
		found = append(found, Finding{head.Entries, HeadLost})
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Seq < found[j].Seq })
	return found
}

// Contains reports whether the trail still contains a head noted before: the
// entry of that number has that hash.
func Contains(entries []map[string]any, noted Head) bool {
	for _, e := range entries {
		if seqOf(e) == noted.Entries {
			return e[HashField] == noted.Hash
		}
	}
	return noted.Entries == 0
}

func seqOf(entry map[string]any) int64 {
	n, err := json.Number(fmt.Sprint(entry[SeqField])).Int64()
	if err != nil {
		return 0
	}
	return n
}

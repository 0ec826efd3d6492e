package audit

import (
	"encoding/json"
	"fmt"
	"sort"
)

// Fault is what is wrong at one place of a trail.
type Fault string

// Faults of a trail.
const (
	Missing    Fault = "missing"    // an entry is not there
	Changed    Fault = "changed"    // an entry is not what its hash says
	Unchained  Fault = "unchained"  // an entry does not hold the hash of the one before: one of the two was replaced
	Unexpected Fault = "unexpected" // an entry that the trail's head does not know of
	Rewritten  Fault = "rewritten"  // a head that was noted elsewhere is not in the trail
	HeadLost   Fault = "head_lost"  // the head, which says how many entries there are, is gone or tells another last hash
)

// Finding is a fault and where it is.
type Finding struct {
	Seq   int64 `json:"seq"`
	Fault Fault `json:"fault"`
}

// Head is what a trail's end should be, as it is stored beside the trail or was
// noted somewhere else before.
type Head struct {
	Entries int64
	Hash    string
}

// Verify checks a whole trail, in any order, against its head; no finding means
// that it is as it was written.
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
	prev, known := "", true // whether the hash of the entry before can be trusted
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

// Contains reports whether a head that was noted before is still in the trail:
// the entry of that number has that hash.
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

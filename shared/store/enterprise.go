package store

import (
	"fmt"
	"hash/fnv"

	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/table"
)

func enterprisePK(uscc string) string { return EnterprisePartition.key(uscc) }

func enterpriseKey(uscc string) table.Key {
	return table.Key{PK: enterprisePK(uscc), SK: "PROFILE"}
}

type enterpriseRecord struct {
	USCC                string          `json:"uscc"`
	Name                string          `json:"name"`
	OrgCode             string          `json:"orgCode"`
	Address             string          `json:"address,omitempty"`
	LegalRepresentative realname.Sealed `json:"legalRepresentative,omitempty"`
	Aspect              realname.Aspect `json:"aspect"`
	// Standing and Holders are part of the record so that one call reads many
	// enterprises.
	Standing realname.Standing          `json:"standing,omitempty"`
	Holders  map[string]realname.Aspect `json:"holders,omitempty"`
	Changes  int64                      `json:"changes,omitempty"`
	// Origins exist only in records that were stored without a standing.
	Origins map[string]realname.Origin `json:"origins,omitempty"`
}

func putEnterprise(e realname.Enterprise) (table.Write, error) {
	it, cond, err := put(enterpriseKey(e.USCC), e.Version, enterpriseRecord{
		USCC: e.USCC, Name: e.Name, OrgCode: e.OrgCode, Address: e.Address, LegalRepresentative: e.LegalRepresentative,
		Aspect: e.Aspect, Standing: e.Standing, Holders: e.Holders, Changes: e.Changes,
	})
	it.GSI1 = enterpriseList(e.USCC)
	return table.Put(it, cond), err
}

// enterpriseShards spreads the list of all enterprises over several keys, so that
// none of them takes all traffic.
const enterpriseShards = 8

func enterprisesPK(shard int) string { return fmt.Sprintf("ENTERPRISES#%d", shard) }

// enterpriseList is the key that lists an enterprise by its code, for the commands of
// staff.
func enterpriseList(uscc string) table.IndexKey {
	h := fnv.New32a()
	h.Write([]byte(uscc))
	return table.IndexKey{PK: enterprisesPK(int(h.Sum32() % enterpriseShards)), SK: uscc}
}

func readEnterprise(items []table.Item, uscc string) (realname.Enterprise, error) {
	it, ok := table.Find(items, enterpriseKey(uscc))
	if !ok {
		return realname.Enterprise{}, nil
	}
	var r enterpriseRecord
	err := read(it, &r)
	e := realname.Enterprise{
		USCC: r.USCC, OrgCode: r.OrgCode, Address: r.Address, LegalRepresentative: r.LegalRepresentative,
		Name:   idcode.NormalizeName(r.Name), // version 1.0.0 stored half-width brackets
		Aspect: r.Aspect, Standing: r.Standing, Holders: r.Holders, Changes: r.Changes, Version: it.Version,
	}
	if e.Standing == realname.Unfounded {
		e.Standing = realname.StandingOf(r.Origins, e)
	}
	return e, err
}

package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// move deletes an enterprise and its roster under their former code and stores them
// under the new code, which must not exist yet. Their versions continue to count, so
// that no version occurs twice.
func move(m realname.Moved) ([]table.Write, error) {
	e, err := putEnterprise(m.Enterprise)
	if err != nil {
		return nil, err
	}
	r, err := putRoster(m.Roster)
	if err != nil {
		return nil, err
	}
	e.If, r.If = table.Absent(), table.Absent()
	return []table.Write{
		table.Delete(enterpriseKey(m.From), over(m.Enterprise.Version)),
		table.Delete(rosterKey(m.From), over(m.Roster.Version)),
		e, r,
	}, nil
}

package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// leave removes what lies under the enterprise's former code.
func leave(c realname.Change) []table.Write {
	return []table.Write{
		table.Delete(enterpriseKey(c.MovedFrom), over(c.Enterprise.Version)),
		table.Delete(rosterKey(c.MovedFrom), over(c.Roster.Version)),
	}
}

// arrive makes a write the first one under the new code, if there is one. The
// item's version goes on counting, so that no version is seen twice.
func arrive(w table.Write, movedFrom string) table.Write {
	if movedFrom != "" {
		w.If = table.Absent()
	}
	return w
}

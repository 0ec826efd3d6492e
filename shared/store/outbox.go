package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// putAnnouncement adds an event to the outbox. GSI2 lists what is not delivered
// yet, by enterprise and time, so that one enterprise's events keep their order.
func putAnnouncement(a realname.Announcement) (table.Write, error) {
	it, cond, err := put(table.Key{PK: "OUTBOX#" + a.ID, SK: "EVENT"}, 0, a)
	it.GSI2 = table.IndexKey{PK: "OUTBOX#" + a.USCC, SK: instant(a.At) + "#" + a.ID}
	return table.Put(it, cond), err
}

func putAudit(a realname.AuditEntry) (table.Write, error) {
	it, cond, err := put(table.Key{PK: enterprisePK(a.USCC), SK: "AUDIT#" + instant(a.At) + "#" + a.ID}, 0, a)
	return table.Put(it, cond), err
}

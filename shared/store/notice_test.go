package store_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// event returns an event of one verification, with an ID of the usual length.
func event(number string, kind realname.AnnouncementType, status realname.Status) realname.Announcement {
	return realname.Announcement{
		ID: "01a20c68-0000-7000-8000-00000000000" + number, Type: kind, At: now, USCC: uscc,
		AccountID: "01a20c68-0000-7000-8000-0000000000a1", SessionID: "01a20c68-0000-7000-8000-0000000000s1",
		Method: realname.LegalRepresentative, Status: status,
	}
}

func verified() []realname.Announcement {
	return []realname.Announcement{
		event("1", realname.EnterpriseVerified, ""), event("2", realname.HolderVerified, ""),
		event("3", realname.SessionClosed, realname.Verified),
	}
}

func noticeItem(t *testing.T, under table.Table, seq string) table.Item {
	t.Helper()
	items, err := under.Get(t.Context(), table.Key{PK: "OUTBOX#" + uscc, SK: "EVENT#" + seq})
	if err != nil || len(items) != 1 {
		t.Fatalf("%v, %v", items, err)
	}
	return items[0]
}

func TestTheNoticeOfAVerificationStaysBelowAKilobyte(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	n := realname.Notice{
		USCC: uscc, Seq: 1, Events: verified(), RequestID: "01a20c68-0000-7000-8000-0000000000r1", Due: now,
		Published: true, Received: 2, Tries: 9, TriedFrom: now, Delivered: now.Add(time.Hour),
	}
	if err := st.SaveNotices(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if size := table.Size(noticeItem(t, m, "000000000001")); size > 1024 {
		t.Errorf("%d bytes", size)
	}
}

func TestANoticeIsReadAsItWasWritten(t *testing.T) {
	another := event("4", realname.VerificationWithdrawn, "")
	another.At, another.Aspect = now.Add(time.Second), realname.HolderAspect
	another.AccountID, another.SessionID, another.Method = "a2", "", ""
	bare := event("5", realname.VerificationWithdrawn, "")
	bare.SessionID, bare.Method, bare.Aspect = "", "", realname.EnterpriseAspect
	for name, events := range map[string][]realname.Announcement{
		"one event": verified()[:1], "alike": verified(), "different": append(verified(), another),
		"nothing in common": {another, event("6", realname.SessionClosed, realname.Canceled)},
		"without a session": {bare, bare},
	} {
		st := store.New(memory.New(timeNow))
		want := realname.Notice{
			USCC: uscc, Seq: 12, Events: events, RequestID: "r1", Due: now, Tries: 1, TriedFrom: now, Dead: now,
		}
		if err := st.SaveNotices(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		got, unreadable, err := st.Notices(t.Context(), uscc)
		want.Version = 1
		if err != nil || unreadable != 0 || !reflect.DeepEqual(got, []realname.Notice{want}) {
			t.Errorf("%s: %+v, %d, %v, want %+v", name, got, unreadable, err, want)
		}
	}
}

// Version 1.0.0 stored each event whole, and instants as texts.
func TestANoticeOfVersion1IsDelivered(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	var body map[string]any
	if err := json.Unmarshal([]byte(`{"uscc":"`+uscc+`","due":"2026-03-02T09:00:00.5Z","requestId":"r1","events":[
		{"id":"e1","type":"EnterpriseVerified","at":"2026-03-02T09:00:00.5Z","uscc":"`+uscc+`","accountId":"a1",
		"sessionId":"s1","method":"legal_representative"},
		{"id":"e2","type":"SessionClosed","at":"2026-03-02T09:00:00.5Z","uscc":"`+uscc+`","accountId":"a1",
		"sessionId":"s1","method":"legal_representative","status":"verified"}]}`), &body); err != nil {
		t.Fatal(err)
	}
	body["seq"] = json.Number("1")
	old := table.Item{Key: table.Key{PK: "OUTBOX#" + uscc, SK: "EVENT#000000000001"}, Version: 1, Body: body}
	if err := m.Transact(t.Context(), table.Put(old, table.Absent())); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 5e8, time.UTC)
	of := realname.Announcement{
		ID: "e1", Type: realname.EnterpriseVerified, At: at, USCC: uscc, AccountID: "a1", SessionID: "s1",
		Method: realname.LegalRepresentative,
	}
	closed := of
	closed.ID, closed.Type, closed.Status = "e2", realname.SessionClosed, realname.Verified
	want := realname.Notice{
		USCC: uscc, Seq: 1, Events: []realname.Announcement{of, closed}, RequestID: "r1", Due: at, Version: 1,
	}
	got, unreadable, err := st.Notices(t.Context(), uscc)
	if err != nil || unreadable != 0 || !reflect.DeepEqual(got, []realname.Notice{want}) {
		t.Fatalf("%+v, %d, %v, want %+v", got, unreadable, err, want)
	}
	want.Tries, want.Delivered = 1, at.Add(time.Minute)
	if err := st.SaveNotices(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if it := noticeItem(t, m, "000000000001"); it.Body["sessionId"] != "s1" || it.Body["uscc"] != nil {
		t.Errorf("written again as %v", it.Body)
	}
}

package e2e

import (
	"testing"
	"time"

	"realname/e2e/world"
)

func TestAStepIsExtendedUntilItsSessionEnds(t *testing.T) {
	p := only(t, "--step-timeout", "4s", "--session-timeout", "8s", "--repair-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	if !s.EndsAt.Equal(s.CreatedAt.Add(8 * time.Second)) {
		t.Errorf("created %v, ends %v", s.CreatedAt, s.EndsAt)
	}
	late := s.ExpiresAt.Add(500 * time.Millisecond)
	for deadline := s.ExpiresAt; time.Now().Before(late); {
		n := c.post("/v1/sessions/"+s.Id+"/extensions", []byte(nil)).session(t)
		if n.ExpiresAt.Before(deadline) || n.ExpiresAt.After(s.EndsAt) || !n.EndsAt.Equal(s.EndsAt) {
			t.Fatalf("extended from %v to %v, ends %v", deadline, n.ExpiresAt, n.EndsAt)
		}
		deadline = n.ExpiresAt
		if again := c.get("/v1/sessions/" + s.Id).session(t); !again.ExpiresAt.Equal(deadline) {
			t.Fatalf("answered %v, stored %v", deadline, again.ExpiresAt)
		}
	}
	c.passes(s.Id, "enterprise", c.enterprise())
	c.becomesWithin(20*time.Second, s.Id, "expired")
	c.wants(c.post("/v1/sessions/"+s.Id+"/extensions", []byte(nil)), 409, "session_closed")
}

func TestOnlyItsOwnerExtendsAStep(t *testing.T) {
	c, thief := shared.clerkOf(t, world.Pass), shared.clerkOf(t, world.Pass)
	s := c.begin()
	path := "/v1/sessions/" + s.Id + "/extensions"
	thief.wants(thief.post(path, []byte(nil)), 404, "not_found")
	if after := c.get("/v1/sessions/" + s.Id).session(t); !after.ExpiresAt.Equal(s.ExpiresAt) {
		t.Errorf("a stranger moved the deadline from %v to %v", s.ExpiresAt, after.ExpiresAt)
	}
	if own := c.post(path, []byte(nil)).session(t); own.ExpiresAt.Before(s.ExpiresAt) || own.ExpiresAt.After(own.EndsAt) {
		t.Errorf("the owner moved the deadline from %v to %v", s.ExpiresAt, own.ExpiresAt)
	}
	c.delete("/v1/sessions/" + s.Id)
	c.wants(c.post(path, []byte(nil)), 409, "session_closed")
}

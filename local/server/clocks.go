package server

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// platformClock is the clock of the sandbox receiver, which is not a function.
const platformClock = "platform"

// instances are the functions with a shifted clock, each as a new instance. On AWS,
// too, a clock belongs to an instance, and an invocation keeps its instance.
type instances struct {
	mu sync.RWMutex
	of map[string]any // by function
}

func (i *instances) get(function string) any {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.of[function]
}

func (i *instances) set(function string, instance any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.of[function] = instance
}

// setClock is POST /sandbox/clocks {function, offset}. From the next invocation on,
// the function's clock is ahead of all others by the offset, or behind if it is
// negative. "platform" is the webhook's receiver.
func (s *Server) setClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Function string `json:"function"`
		Offset   string `json:"offset"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	offset, wrong := time.ParseDuration(in.Offset)
	if err != nil || wrong != nil || in.Function != platformClock && s.functions[in.Function] == nil {
		answer(w, http.StatusBadRequest, map[string]string{
			"message": "function: one of the service's, or platform; offset: such as -10m",
		})
		return
	}
	moved := *s
	moved.now = func() time.Time { return s.now().Add(offset) }
	if in.Function == platformClock {
		s.receiver.SetClock(moved.now)
	} else {
		moved.form = moved.demonstration()
		moved.connect()
		s.instances.set(in.Function, moved.functions[in.Function])
	}
	answer(w, http.StatusOK, in)
}

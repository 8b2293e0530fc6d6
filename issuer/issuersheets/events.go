package issuersheets

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
)

// writeTime is how long a reader may take to accept an event before it is left.
const writeTime = 20 * time.Second

// events tells the progress of a job as server-sent events (HTML Standard, 9.2):
// "progress" with the state as often as it changes and the reader can take it,
// and at the end one "result". Each event is the whole state, so that whoever
// comes back, with Last-Event-ID or without, has missed nothing.
func (s *Service) events(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	j, _, err := s.find(r, access.ActRead)
	if err != nil {
		return err
	}
	changed, off := s.watch.on(j.ID)
	defer off()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	out := stream{w: w, control: http.NewResponseController(w), wall: s.Wall, lang: httpkit.Language(r), last: r.Header.Get("Last-Event-ID")}
	if r.Method == http.MethodHead {
		return nil
	}
	beat := time.NewTicker(s.Heartbeat)
	defer beat.Stop()
	for {
		if j, err = s.Job(r.Context(), j.ID); err != nil {
			return nil // it was removed, or the reader has left
		}
		if !out.send(s.newest(j)) || j.State.Final() {
			return nil
		}
		select {
		case <-changed:
		case <-beat.C:
			if !out.write(": still here\n\n") {
				return nil
			}
		case <-httpkit.ServiceStops(r.Context()):
			return nil // the reader comes back when the service does
		case <-r.Context().Done():
			return nil
		}
	}
}

// stream writes events to one reader.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	wall    func() time.Time
	lang    string
	last    string // id of the event that the reader has
}

// send tells the state of a job unless the reader has it. It is false when the
// reader has left.
func (s *stream) send(j Job) bool {
	id := fmt.Sprintf("%s-%d", j.State, j.Done)
	if j.Cancelling {
		id += "-cancelling"
	}
	if j.WaitingFor != "" {
		id += "-" + string(j.WaitingFor)
	}
	if id == s.last && !j.State.Final() {
		return s.write(": nothing new\n\n")
	}
	s.last = id
	name := "progress"
	if j.State.Final() {
		name = "result"
	}
	data, err := json.Marshal(j.View(s.lang))
	if err != nil {
		return false
	}
	return s.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", id, name, data))
}

// write hands text to the reader at once. A reader who takes nothing for
// writeTime is left.
func (s *stream) write(text string) bool {
	var until time.Time
	if s.wall != nil {
		until = s.wall().Add(writeTime)
	}
	_ = s.control.SetWriteDeadline(until) // longer than a usual answer may take
	if _, err := s.w.Write([]byte(text)); err != nil {
		return false
	}
	return s.control.Flush() == nil
}

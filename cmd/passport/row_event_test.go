package main

import (
	"os"
	"strings"
	"testing"
)

// TestRowN11OperatorsGetAnAttendance: an operator who came to a meeting gets a
// signed attendance, which any partner verifies.
func TestRowN11OperatorsGetAnAttendance(t *testing.T) {
	s := newStreet(t, "06-workshop-it.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "TrainingAttendance")
	sara := s.write("sara.json", `{"name":"Sara Neri","birthDate":"1988-06-21","documentNumber":"TA-OP-7","startedOn":"2026-11-10","completedOn":"2026-11-10","hoursAttended":3}`)
	code, said := s.verify(s.issue("ente", "workshop-interview", sara), "en")
	if code != exitOK {
		t.Errorf("exit %d: %s", code, said)
	}
	says(t, said, "Sara Neri", "Bussola del lavoro: il colloquio di selezione")
}

// TestRowI8EventWithoutOutcomes: the attendance of an event names the event,
// and what somebody has learned has no place in it.
func TestRowI8EventWithoutOutcomes(t *testing.T) {
	s := newStreet(t)
	data, err := os.ReadFile("../../examples/templates/06-workshop-it.json")
	if err != nil {
		t.Fatal(err)
	}
	day := strings.Replace(string(data), "Bussola del lavoro: il colloquio di selezione", "Giornata di rete dei 28 enti", 1)
	if said := s.must("template", "check", s.write("day.json", day), "--json"); !strings.Contains(said, `"title":"Giornata di rete dei 28 enti"`) {
		t.Errorf("the event is not named: %s", said)
	}
	with := strings.Replace(day, `"hoursPlanned"`, `"learningOutcomes":["Sa lavorare in rete"],"hoursPlanned"`, 1)
	if code, _, talk := s.run("template", "check", s.write("with.json", with)); code != exitInvalid || !strings.Contains(talk, "/learningOutcomes") {
		t.Errorf("with outcomes: exit %d, %s", code, talk)
	}
}

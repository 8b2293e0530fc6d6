package main

import (
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// utcDay is written as 2026-11-22.
type utcDay time.Time

// UnmarshalYAML reads it.
func (d *utcDay) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, node.Value)
	*d = utcDay(t)
	return atLine(node, err)
}

func (d utcDay) String() string {
	if time.Time(d).IsZero() {
		return ""
	}
	return time.Time(d).Format(time.DateOnly)
}

// duration is written as "24h" or, for whole days, "30d".
type duration time.Duration

// UnmarshalYAML reads both forms.
func (d *duration) UnmarshalYAML(node *yaml.Node) error {
	parsed, err := parseDuration(node.Value)
	*d = duration(parsed)
	return atLine(node, err)
}

func (d duration) String() string { return time.Duration(d).String() }

// atLine names the line in the way of the YAML reader's own errors.
func atLine(node *yaml.Node, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("yaml: line %d: %w", node.Line, err)
}

// parseDuration reads what time.ParseDuration reads, and days.
func parseDuration(s string) (time.Duration, error) {
	if n := len(s); n > 1 && s[n-1] == 'd' {
		days, err := time.ParseDuration(s[:n-1] + "h")
		if err != nil || days > 200*365*time.Hour {
			return 0, errors.New("not a number of days: " + s)
		}
		return 24 * days, nil
	}
	return time.ParseDuration(s)
}

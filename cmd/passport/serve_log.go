package main

import (
	"io"
	"log/slog"
)

// newLog writes what the service says of itself, one line each, to w. slog
// quotes what could be taken for a line of its own.
func newLog(w io.Writer, c config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // check has held it to one of four
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

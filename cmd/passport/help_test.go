package main

import (
	"testing"

	"github.com/spf13/cobra"
)

// TestEveryHelpHasAnExample walks all commands: a person copies an example
// sooner than reading the flags.
func TestEveryHelpHasAnExample(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for _, child := range c.Commands() {
			walk(child)
		}
	}
	walk(newRootCommand(&app{}))
}

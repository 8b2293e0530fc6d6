package main

import "github.com/spf13/cobra"

func paperCommands(*app) []*cobra.Command { return nil }

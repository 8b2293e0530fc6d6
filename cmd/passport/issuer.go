package main

import "github.com/spf13/cobra"

func issuerCommands(a *app) []*cobra.Command { return nil }

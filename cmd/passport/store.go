package main

import "github.com/spf13/cobra"

func storeCommands(a *app) []*cobra.Command { return nil }

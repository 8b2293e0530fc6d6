package main

import "github.com/spf13/cobra"

func trustCommands(a *app) []*cobra.Command { return nil }

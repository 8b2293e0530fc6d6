package main

import "github.com/spf13/cobra"

func qrCommands(a *app) []*cobra.Command { return nil }

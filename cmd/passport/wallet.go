package main

import "github.com/spf13/cobra"

func walletCommands(a *app) []*cobra.Command { return nil }

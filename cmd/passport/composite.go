package main

import "github.com/spf13/cobra"

func compositeCommands(*app) []*cobra.Command { return nil }

package main

import "github.com/spf13/cobra"

func compositeCommands(a *app) []*cobra.Command { return []*cobra.Command{newAwardCommand(a)} }

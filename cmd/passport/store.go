package main

import "github.com/spf13/cobra"

// storeCommands are the commands of whoever keeps a home: making it, its
// issuers and keys, its log, its backups.
func storeCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newInitCommand(a), newIssuerCommand(a), newKeyCommand(a), newAuditCommand(a),
		newBackupCommand(a), newRestoreCommand(a), newFsckCommand(a), newEraseCommand(a),
	}
}

// group is a command that only holds others.
func group(use, short string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(children...)
	return c
}

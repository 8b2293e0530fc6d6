package main

import (
	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

// profileNames are the profiles as the flag names them.
var profileNames = map[issuer.Profile]string{issuer.ProfileVC: "vc", issuer.ProfileOpenBadge: "ob3"}

func bindProfile(cmd *cobra.Command, profile *string, preset string) {
	cmd.Flags().StringVar(profile, "profile", preset, "how the token is made: vc (vc+jwt), or ob3 (the strict Open Badges 3.0 token)")
}

// profileFlag reads --profile; empty is the default.
func profileFlag(name string) (issuer.Profile, error) {
	for profile, known := range profileNames {
		if name == known {
			return profile, nil
		}
	}
	if name == "" {
		return issuer.ProfileVC, nil
	}
	return "", fail(exitUsage, "profile_unknown", "profile", name)
}

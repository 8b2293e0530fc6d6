// Command passport signs, keeps, prints, verifies and revokes employment
// credentials. This package is wiring: flags, exit codes, the words of a
// terminal. Every rule stands in the packages that it calls.
package main

import (
	"os"
)

func main() {
	ignoreSizeLimit()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

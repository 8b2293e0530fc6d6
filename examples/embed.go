// Package examples holds realistic input: templates of courses, sheets of
// learners, three training bodies. People and bodies in it are invented.
// "passport demo" plays its story on these files, and tests read them.
package examples

import "embed"

// Files are the templates, learners and bodies as they stand in this folder.
//
//go:embed bodies.json templates/*.json learners
var Files embed.FS

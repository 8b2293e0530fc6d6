// Package examples holds realistic input: templates of courses, sheets of
// learners, three training bodies, the definition of a passport, a programme of
// workshops, the own words of a curriculum. People and bodies in it are invented.
// "passport demo" plays its story on these files, and tests read them.
//
// Templates 01 to 05 are micro-credentials, and learners 01 to 05 fit the first
// of them, which scripts lean on. From 06 on a learner fits the template of the
// same number.
package examples

import "embed"

// Files are the templates, learners, bodies, definitions, programmes and own words as they
// stand in this folder.
//
//go:embed bodies.json own-words.json templates/*.json learners definitions/*.json programmes/*.json
var Files embed.FS

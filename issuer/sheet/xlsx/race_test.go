//go:build race

package xlsx_test

// raced tells that the race detector is on, under which nothing keeps its time.
const raced = true

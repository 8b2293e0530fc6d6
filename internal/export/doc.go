// Package export writes what a holder has in the forms that other systems
// read: Europass Candidate XML, JSON Resume, HTML, European Learning Model
// JSON-LD, and Open Badges baked into pictures. It judges nothing: callers say
// which lines are verified. Nothing leaves it that our documents may not hold.
package export

// Package export writes what a holder has in the forms that other systems
// read: Europass Candidate XML, JSON Resume, HTML, European Learning Model
// JSON-LD, and Open Badges baked into pictures.
//
// It judges nothing: callers say which lines are verified, and what a line is
// stands beside it in every form. What the holder says is marked as the
// holder's own words and never as verified. What may stand only in the record
// of a service (fiscal code, citizenship, disability, …) is refused in the
// holder's file and has no place to come from elsewhere.
//
// What it reads, the holder's file and pictures with a token in them, may come
// from strangers: each reader is strict, bounded and has a fuzz target.
package export

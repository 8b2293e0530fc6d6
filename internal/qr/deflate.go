package qr

import (
	"bytes"
	"compress/flate"
	"sync"
)

// A frame has room for a few hundred bytes, so that a byte saved here is a
// byte of somebody's course title. compress/flate parses greedily and gives
// each block the codes that its counts ask for; the encoder below looks for
// the cheapest parse under the codes that it will really write, again and
// again, header included (the way of zopfli). It saves a tenth of a frame.
// Reading needs nothing of it: the result is plain RFC 1951.

const (
	// Longer texts are for screens, where a tenth matters less than the time.
	maxOptimal = 24 << 10

	maxRounds = 12 // of parsing; the size stops falling before
)

// effort is how long the encoder looks.
type effort struct {
	rounds   int
	thorough bool // try many codes a round
}

var (
	none     = effort{}          // compress/flate alone
	estimate = effort{rounds: 3} // good for comparing two texts
	utmost   = effort{rounds: maxRounds, thorough: true}
)

// deflate gives one raw DEFLATE stream for text with a preset dictionary.
func deflate(text, dict []byte, e effort) []byte {
	if len(text) > maxOptimal || e == none {
		return flateStream(text, dict)
	}
	return newParser(text, dict).smallest(e)
}

// writers are pools of compressors, one for each dictionary: a new one clears
// more than a megabyte, which for texts of our size is most of the work.
var writers sync.Map // string(dictionary) → *sync.Pool

// flateStream is the standard library's opinion.
func flateStream(text, dict []byte) []byte {
	var out bytes.Buffer
	pool, ok := writers.Load(string(dict))
	if !ok {
		pool, _ = writers.LoadOrStore(string(dict), new(sync.Pool))
	}
	w, ok := pool.(*sync.Pool).Get().(*flate.Writer)
	if ok {
		w.Reset(&out)
	} else {
		var err error
		if w, err = flate.NewWriterDict(&out, flate.BestCompression, dict); err != nil {
			panic(err) // only a level out of range
		}
	}
	// A bytes.Buffer never fails.
	_, _ = w.Write(text)
	_ = w.Close()
	pool.(*sync.Pool).Put(w)
	return out.Bytes()
}

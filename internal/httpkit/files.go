package httpkit

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// File is a public file: anybody may read it, caches may keep it, and it is the
// same for everybody.
type File struct {
	Body     []byte
	Type     string        // media type
	ETag     string        // strong, with its quotes; "" for none
	Modified time.Time     // zero for none
	MaxAge   time.Duration // how long a cache may keep it; 0 asks it to ask again
}

// ServeBytes answers GET and HEAD with a file, whole or a range of it, or 304
// when the reader has it (RFC 9110 sections 13 and 14). It is readable by pages
// of every origin, without cookies.
func ServeBytes(w http.ResponseWriter, r *http.Request, f File) {
	h := w.Header()
	h.Set("Content-Type", f.Type)
	AnyOrigin(h)
	if f.MaxAge > 0 {
		h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(f.MaxAge/time.Second)))
	} else {
		h.Set("Cache-Control", "public, no-cache")
	}
	if f.ETag != "" {
		h.Set("ETag", f.ETag)
	}
	http.ServeContent(w, r, "", f.Modified, bytes.NewReader(f.Body))
}

// AnyOrigin lets pages of every origin read an answer (CORS, Fetch standard
// section 3.2). It is for what nobody is asked a cookie for.
func AnyOrigin(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

package httpkit

import "net/http"

// CloseChunked ends the connection after a request whose body has no length. One
// with both a length and chunks is read by its chunks, and net/http does not
// tell that there was a length: a proxy that went by it would take what follows
// for another request. "The server MUST close the connection after responding to
// such a request" (RFC 9112 section 6.1).
func CloseChunked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

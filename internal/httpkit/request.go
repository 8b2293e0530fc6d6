package httpkit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
)

// RequestIDs gives each request an id of its own, a random UUID (RFC 9562), and
// tells it as X-Request-Id. An id that a client sends is not believed: it would
// let a stranger write into the log.
func RequestIDs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := newID()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), keyRequestID, id)))
	})
}

// RequestID is the id of the request that ctx belongs to, "" outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(keyRequestID).(string)
	return id
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// Param is the parameter of a route, unescaped once; "" when it is not there or
// cannot be unescaped. chi hands out the raw text of a path with escapes.
func Param(r *http.Request, name string) string {
	value := chi.URLParam(r, name)
	if r.URL.RawPath == "" {
		return value
	}
	plain, err := url.PathUnescape(value)
	if err != nil {
		return ""
	}
	return plain
}

// languages that problems and pages can be asked in.
var languages = []string{"it", "en", "es", "el", "pl"}

// maxAccept bounds what is read of Accept-Language.
const maxAccept = 512

// Language is the one of these to answer in.
func Language(r *http.Request) string {
	return Wanted(r, func(lang string) bool { return slices.Contains(languages, lang) })
}

// Wanted is the language that a request asks for: ?lang=, else the most wanted of
// Accept-Language (RFC 9110 section 12.5.4) that is spoken, else en.
func Wanted(r *http.Request, spoken func(lang string) bool) string {
	if asked := r.URL.Query().Get("lang"); spoken(asked) {
		return asked
	}
	header := r.Header.Get("Accept-Language")
	best, weight := "en", 0.0
	for part := range strings.SplitSeq(header[:min(len(header), maxAccept)], ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		q := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(text, 64)
			if err != nil || !(parsed >= 0 && parsed <= 1) {
				continue
			}
			q = parsed
		}
		if q > weight && spoken(primary) {
			best, weight = primary, q
		}
	}
	return best
}

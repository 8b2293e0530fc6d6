package issuerhttp

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
)

// pdf prints a credential: what an officer hands to somebody without a phone.
func (a *API) pdf(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query(), "layout"); err != nil {
		return err
	}
	row, err := a.find(r, access.ActRead)
	if err != nil {
		return err
	}
	layout := r.URL.Query().Get("layout")
	if a.Print == nil || !layoutForm.MatchString(layout) {
		return refuse("print_layout", "layout", layout)
	}
	select {
	case a.printers <- struct{}{}:
		defer func() { <-a.printers }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	var out bytes.Buffer
	if err := a.Print(r.Context(), &out, row, layout, httpkit.Language(r)); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="credential.pdf"`) // never a name that a stranger chose
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(http.StatusOK)
	_, _ = out.WriteTo(w) // a client that has left is told nothing
	return nil
}

package issuer

import (
	"crypto/sha256"
	"sync"

	"github.com/employment-passport/passport/schema"
)

// maxRead bounds the templates that are kept read: more than any home has.
const maxRead = 1024

// readTemplates keeps templates as they were read and judged, by the hash of
// their file. Both cost more than a signature, and both depend on the file alone:
// a changed template is another file.
type readTemplates struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte]*readTemplate
}

// readTemplate is one file. Nobody changes what it holds.
type readTemplate struct {
	template *schema.Template
	err      error // of reading
	once     sync.Once
	refused  error // what the published schemas say of what it makes
}

var templatesRead = readTemplates{kept: map[[sha256.Size]byte]*readTemplate{}}

// of reads a file, or gives it as it was read before.
func (r *readTemplates) of(body []byte) *readTemplate {
	sum := sha256.Sum256(body)
	r.mu.Lock()
	known := r.kept[sum]
	r.mu.Unlock()
	if known != nil {
		return known
	}
	t := &readTemplate{}
	t.template, t.err = schema.ParseTemplate(body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) >= maxRead {
		clear(r.kept)
	}
	r.kept[sum] = t
	return t
}

// judged is judgeTemplate, asked once. A raw document has no template.
func (t *readTemplate) judged() error {
	if t == nil {
		return nil
	}
	t.once.Do(func() { t.refused = judgeTemplate(t.template) })
	return t.refused
}

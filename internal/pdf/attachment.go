package pdf

import (
	"bytes"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// fileKeys are the members under which a file specification holds its files
// (ISO 32000-1, table 44). Programs differ in which they take: all are read.
var fileKeys = []string{"UF", "F", "DOS", "Mac", "Unix"}

// specifications looks for file specifications (ISO 32000-1, 7.11.3), which may
// stand in another object.
func (r *reading) specifications(o types.Object, depth int) {
	if depth > 8 {
		return
	}
	switch o := o.(type) {
	case types.Dict:
		if files, ok := o["EF"]; ok {
			r.attachment(o, files)
		}
		for _, key := range sortedKeys(o) {
			r.specifications(o[key], depth+1)
		}
	case types.Array:
		for _, one := range o {
			r.specifications(one, depth+1)
		}
	}
}

func sortedKeys(d types.Dict) []string {
	keys := make([]string, 0, len(d))
	for key := range d {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (r *reading) attachment(spec types.Dict, files types.Object) {
	embedded, err := r.doc.DereferenceDict(files)
	if err != nil || embedded == nil {
		return
	}
	for _, key := range fileKeys {
		o, ok := embedded[key]
		if !ok {
			continue
		}
		if ref, ok := o.(types.IndirectRef); ok {
			if r.seen[ref.ObjectNumber.Value()] {
				continue
			}
			r.seen[ref.ObjectNumber.Value()] = true
		}
		stream, _, err := r.doc.DereferenceStreamDict(o)
		if err != nil {
			r.file.Unread++
			continue
		}
		if stream == nil {
			continue // it leads nowhere: there is no file
		}
		r.take(r.name(spec), stream)
	}
}

func (r *reading) name(spec types.Dict) string {
	for _, key := range fileKeys {
		if text, err := r.doc.DereferenceText(spec[key]); err == nil && text != "" {
			return text
		}
	}
	return ""
}

func (r *reading) take(name string, stream *types.StreamDict) {
	if len(r.file.Attachments) == MaxAttachments {
		r.file.Unread++
		return
	}
	data, ok := r.decoded(stream, int64(min(MaxAttachment, MaxAttached-r.attached)))
	if !ok {
		r.file.Unread++
		return
	}
	r.attached += len(data)
	r.file.Attachments = append(r.file.Attachments, Attachment{name, bytes.Clone(data)})
}

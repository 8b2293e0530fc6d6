package qr

import (
	"bytes"
	"compress/flate"
)

func deflate(text, dict []byte) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriterDict(&out, flate.BestCompression, dict)
	w.Write(text)
	w.Close()
	return out.Bytes()
}

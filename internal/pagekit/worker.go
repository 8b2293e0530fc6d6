package pagekit

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// workerCode is the service worker without its first line.
func workerCode() []byte {
	code, err := assets.ReadFile("assets/" + workerBody)
	if err != nil {
		panic("pagekit: the service worker is not part of the program") // embedded
	}
	made, err := lean(workerBody, code)
	if err != nil {
		panic(err) // embedded, and read by a test
	}
	return made
}

// scope is what the service worker answers for: every path that begins so
// (Service Workers, "Match Service Worker Registration").
func (s *Site) scope() string {
	if s.page.Short != "" {
		return s.page.Short
	}
	return s.page.Path
}

// lastOf is the part of a path after its last slash.
func lastOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// worker is the page's service worker. Its first line names the release and what
// it needs, so that any change of a file is a new worker (Service Workers, 9.2:
// the script's bytes are compared).
func (s *Site) worker() File {
	line := struct {
		Name    string   `json:"name"`
		Version string   `json:"version"`
		Shell   string   `json:"shell"` // last part of the page's path on a server
		Need    []string `json:"need"`
		Later   []string `json:"later"`
		Fresh   []string `json:"fresh"`
		Sums    []string `json:"sums"` // of need, then later: SHA-256, 9 bytes in base64
	}{Name: s.page.Name, Version: s.version, Shell: lastOf(s.page.Path), Need: []string{}, Later: []string{}, Fresh: []string{}}
	for _, name := range s.order {
		switch f := s.files[name]; {
		case f.Online:
		case f.Fresh != nil:
			line.Fresh = append(line.Fresh, name)
		case f.Later:
			line.Later = append(line.Later, name)
		default:
			line.Need = append(line.Need, name)
		}
	}
	for _, name := range slices.Concat(line.Need, line.Later) {
		sum := sha256.Sum256(s.files[name].Body)
		line.Sums = append(line.Sums, base64.StdEncoding.EncodeToString(sum[:9]))
	}
	head, err := json.Marshal(line)
	if err != nil {
		panic("pagekit: strings that are no JSON")
	}
	body := append([]byte("const RELEASE = "), head...)
	return File{Name: workerBody, Type: TypeOf(workerBody), Body: append(append(body, ";\n"...), workerCode()...)}
}

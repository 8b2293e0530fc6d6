package pagekit

import (
	"encoding/json"
	"fmt"
)

// FreshBundle is the name of the bundle beside a page; a large one's lists stand
// at FreshBundle + trust.FolderSuffix + "/" + name.
const FreshBundle = "trust.bundle"

// listFolder is trust.FolderSuffix of FreshBundle; the kit knows no bundles.
const listFolder = FreshBundle + ".lists/"

// Trust is what a page believes from the start. The root is a part of the page;
// the bundle is only as good as its signature under that root.
type Trust struct {
	Anchor string // fingerprint of the authority's offline root (RFC 7638, base64url)
	Name   string // of the authority

	// Bundle gives the newest one at hand, ErrAbsent without one; List a list
	// file of it. List may be nil.
	Bundle func() ([]byte, error)
	List   func(name string) ([]byte, error)

	// URL is where newer bundles are asked for, "" for beside the page. A page of
	// files can name its authority's own; Page.Reach must then let it through.
	URL string
}

// files are trust.json, which is the same for as long as the root is, and the
// bundle, which is asked for anew.
func (t *Trust) files() ([]File, error) {
	if t == nil || t.Anchor == "" {
		return nil, nil
	}
	body, err := json.Marshal(struct {
		Anchor string `json:"anchor"`
		Name   string `json:"name,omitempty"`
		Bundle string `json:"bundle"`
		URL    string `json:"url,omitempty"`
	}{t.Anchor, t.Name, FreshBundle, t.URL})
	if err != nil {
		return nil, fmt.Errorf("pagekit: trust: %w", err)
	}
	all := []File{{Name: "trust.json", Type: TypeOf(".json"), Body: body}}
	if t.Bundle != nil {
		all = append(all, File{Name: FreshBundle, Type: "application/octet-stream", Fresh: func(string) ([]byte, error) { return t.Bundle() }})
	}
	if t.List != nil {
		all = append(all, File{Name: listFolder, Type: "application/octet-stream", Fresh: t.List})
	}
	return all, nil
}

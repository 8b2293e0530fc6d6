package boltstore

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// A composite stands under its id in "composites"; "components" leads from each
// credential that it is made of to it, by keys of the two ids.

type compositeRow struct {
	ID         string         `json:"id"`
	Definition string         `json:"def"`
	Version    string         `json:"version"`
	Need       int            `json:"need"`
	Components []componentRow `json:"components"`
}

type componentRow struct {
	ID          string      `json:"id"`
	Requirement string      `json:"req"`
	Issuer      string      `json:"iss"`
	Own         bool        `json:"own,omitempty"`
	Spare       bool        `json:"spare,omitempty"`
	KeyID       string      `json:"kid,omitempty"`
	Digest      string      `json:"digest"`
	ValidFrom   time.Time   `json:"from,omitzero"`
	Status      []statusRow `json:"status,omitempty"`
	Successor   string      `json:"successor,omitempty"`
	Fallen      bool        `json:"fallen,omitempty"`
}

type statusRow struct {
	Purpose string `json:"purpose"`
	List    string `json:"list"`
	Index   string `json:"index"`
}

func compositeRowOf(c issuer.Composite) compositeRow {
	r := compositeRow{ID: c.ID, Definition: c.Definition, Version: c.Version, Need: c.Need}
	for _, p := range c.Components {
		row := componentRow{
			ID: p.ID, Requirement: p.Requirement, Issuer: p.Issuer, Own: p.Own, Spare: p.Spare,
			KeyID: p.KeyID, Digest: hex.EncodeToString(p.Digest[:]), ValidFrom: utc(p.ValidFrom), Successor: p.Successor, Fallen: p.Fallen,
		}
		for _, s := range p.Status {
			row.Status = append(row.Status, statusRow(s))
		}
		r.Components = append(r.Components, row)
	}
	return r
}

func (r compositeRow) composite() (issuer.Composite, error) {
	c := issuer.Composite{ID: r.ID, Definition: r.Definition, Version: r.Version, Need: r.Need}
	for _, row := range r.Components {
		p := issuer.Component{
			ID: row.ID, Requirement: row.Requirement, Issuer: row.Issuer, Own: row.Own, Spare: row.Spare,
			KeyID: row.KeyID, ValidFrom: row.ValidFrom, Successor: row.Successor, Fallen: row.Fallen,
		}
		if n, err := hex.Decode(p.Digest[:], []byte(row.Digest)[:min(len(row.Digest), 32)]); err != nil || n != 16 || len(row.Digest) != 32 {
			return c, damaged("a digest of %d characters does not read", len(row.Digest))
		}
		for _, s := range row.Status {
			p.Status = append(p.Status, issuer.StatusPlace(s))
		}
		c.Components = append(c.Components, p)
	}
	return c, nil
}

// componentKeys are the records that lead to a composite.
func componentKeys(c issuer.Composite) map[string]bool {
	keys := map[string]bool{}
	for _, p := range c.Components {
		keys[string(joined(p.ID, c.ID))] = true
		if p.Successor != "" {
			keys[string(joined(p.Successor, c.ID))] = true
		}
	}
	return keys
}

// PutComposite writes the record of c.ID, see issuer.Composites.
func (t *tx) PutComposite(c issuer.Composite) error {
	composites, err := t.table("composites")
	if err != nil {
		return err
	}
	if err := checkKey("composite", c.ID); err != nil {
		return err
	}
	for _, p := range c.Components {
		if err := checkKey("component", p.ID); err != nil {
			return err
		}
	}
	old, err := t.Composite(c.ID)
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return err
	}
	if err := composites.putJSON([]byte(c.ID), compositeRowOf(c)); err != nil {
		return err
	}
	was, is := componentKeys(old), componentKeys(c)
	for key := range was {
		if !is[key] {
			if err := t.in("components").remove([]byte(key)); err != nil {
				return err
			}
		}
	}
	for key := range is {
		if !was[key] {
			if err := t.in("components").add([]byte(key), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// Composite returns the record of a composite's id.
func (t *tx) Composite(id string) (issuer.Composite, error) {
	r, err := get[compositeRow](t, "composites", id)
	if err != nil {
		return issuer.Composite{}, err
	}
	return r.composite()
}

// CompositesOf returns the composites that a credential is in.
func (t *tx) CompositesOf(component string) ([]issuer.Composite, error) {
	components, err := t.table("components")
	if err != nil {
		return nil, err
	}
	prefix := joined(component, "")
	var ids []string
	err = components.scan(prefix, nil, func(key, _ []byte) (bool, error) {
		ids = append(ids, string(key[len(prefix):]))
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	var found []issuer.Composite
	for _, id := range ids {
		c, err := t.Composite(id)
		if errors.Is(err, issuer.ErrNotFound) {
			err = damaged("composite %s is gone", id)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

// EachComposite yields all composites by id. The ids are collected before the
// first is yielded, so that yield may write.
func (t *tx) EachComposite(yield func(issuer.Composite) bool) error {
	composites, err := t.table("composites")
	if err != nil {
		return err
	}
	var ids []string
	err = composites.scan(nil, nil, func(key, _ []byte) (bool, error) {
		ids = append(ids, string(key))
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, err := t.Composite(id)
		if err != nil || !yield(c) {
			return err
		}
	}
	return nil
}

// PutDefinition keeps the token of a definition, once, see issuer.Composites.
func (t *tx) PutDefinition(id, version, token string) error {
	definitions, err := t.table("definitions")
	if err != nil {
		return err
	}
	if err := errors.Join(checkKey("definition", id), checkKey("version", version)); err != nil {
		return fmt.Errorf("definition: %w", err)
	}
	key := joined(id, version)
	switch kept, err := definitions.get(key); {
	case errors.Is(err, issuer.ErrNotFound):
		return definitions.add(key, []byte(token))
	case err != nil:
		return err
	case string(kept) != token:
		return fmt.Errorf("definition %s %s is another one here", id, version)
	}
	return nil
}

// Definition returns the token of a definition.
func (t *tx) Definition(id, version string) (string, error) {
	definitions, err := t.table("definitions")
	if err != nil {
		return "", err
	}
	token, err := definitions.get(joined(id, version))
	return string(token), err
}

// EachDefinition yields every definition by id and version.
func (t *tx) EachDefinition(yield func(token string) bool) error {
	definitions, err := t.table("definitions")
	if err != nil {
		return err
	}
	return definitions.scan(nil, nil, func(_, token []byte) (bool, error) { return yield(string(token)), nil })
}

// checkComposites compares what leads to composites with what they say.
func (t *tx) checkComposites() (problems []string) {
	want := uint64(0)
	err := t.EachComposite(func(c issuer.Composite) bool {
		for key := range componentKeys(c) {
			want++
			if !t.in("components").has([]byte(key)) {
				problems = append(problems, fmt.Sprintf("composite %s is missing in table components", c.ID))
			}
		}
		return len(problems) < maxProblems
	})
	if err != nil {
		problems = append(problems, err.Error())
	}
	if got := t.in("components").total.Count; len(problems) == 0 && got != want {
		problems = append(problems, fmt.Sprintf("table components has %d records for %d components", got, want))
	}
	return problems
}

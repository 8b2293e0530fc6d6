package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Every template that we ship prints at version 20 and level M.
func TestShippedTemplatesFitPaper(t *testing.T) {
	files, err := filepath.Glob("../../examples/templates/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		template, err := schema.ParseTemplate(data)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		budget, err := templateBudget(template, issuer.ProfileVC)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		t.Logf("%s: %s", filepath.Base(file), budget)
		if !budget.OnTarget {
			t.Errorf("%s: %s, above version 20", file, budget)
		}
		strict, err := templateBudget(template, issuer.ProfileOpenBadge)
		if err != nil || !strict.OnPaper || strict.Frame <= budget.Frame {
			t.Errorf("%s as a strict token: %s, %v", file, strict, err)
		}
	}
}

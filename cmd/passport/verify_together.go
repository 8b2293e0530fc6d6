package main

import "github.com/employment-passport/passport/verifier"

// together prints the results of one call in the order of its inputs. A passport
// is judged by the components that any of the inputs shows, so from the first
// passport on the results wait for the last input.
type together struct {
	out     verifyPrinter
	company verifier.Company
	waiting []judged
	worst   verifier.Verdict
}

func (t *together) add(j judged) error {
	if j.report != nil {
		t.company.Add(j.report)
	}
	if len(t.waiting) > 0 || j.report != nil && j.report.HasComposite() {
		t.waiting = append(t.waiting, j)
		return nil
	}
	return t.print(j)
}

func (t *together) print(j judged) error {
	t.worst = t.worst.Worse(j.verdict())
	return t.out.print(j)
}

func (t *together) end() error {
	for _, j := range t.waiting {
		if j.report != nil {
			t.company.Judge(j.report)
		}
		if err := t.print(j); err != nil {
			return err
		}
	}
	return t.out.end()
}

package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// rendered draws the first side of a PDF as a printer or a screen would. In the
// pipeline the tool must be there.
func rendered(t *testing.T, pdf string, dpi string) string {
	t.Helper()
	tool, err := exec.LookPath("pdftoppm")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("pdftoppm is missing; .ci/run installs poppler-utils, which has it")
	case err != nil:
		t.Skip("no pdftoppm here; install poppler-utils to see what paper looks like")
	}
	out := strings.TrimSuffix(pdf, ".pdf") + "-" + dpi
	if msg, err := exec.Command(tool, "-r", dpi, "-png", "-singlefile", pdf, out).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, msg)
	}
	return out + ".png"
}

// printingStreet has one body that the authority recognises.
func printingStreet(t *testing.T) *street {
	t.Helper()
	s := newStreet(t, "01-food-hygiene-it.json")
	public := filepath.Join(s.dir, "public")
	s.must("status", "publish", "--out", public)
	s.must("trust", "recognise", filepath.Join(public, "ente.example/.well-known/did.json"), "--name", "Ente", "--country", "IT", "--schema", "MicroCredential")
	return s
}

const examplesDir = "../../examples/learners/"

func picture(t *testing.T, file string) image.Image {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// screenshot is a code as a phone shows it: between a bar and a button, on a
// grey page, saved as PNG.
func (s *street) screenshot(code string) string {
	s.t.Helper()
	qr := picture(s.t, code)
	screen := image.NewRGBA(image.Rect(0, 0, qr.Bounds().Dx()+160, qr.Bounds().Dx()*2+200))
	draw.Draw(screen, screen.Rect, image.NewUniform(color.Gray{0xEE}), image.Point{}, draw.Src)
	draw.Draw(screen, image.Rect(0, 0, screen.Rect.Dx(), 90), image.NewUniform(color.RGBA{0x10, 0x30, 0x60, 0xFF}), image.Point{}, draw.Src)
	draw.Draw(screen, qr.Bounds().Add(image.Pt(80, 320)), qr, qr.Bounds().Min, draw.Src)
	draw.Draw(screen, image.Rect(120, screen.Rect.Dy()-160, screen.Rect.Dx()-120, screen.Rect.Dy()-60), image.NewUniform(color.RGBA{0x10, 0x80, 0x40, 0xFF}), image.Point{}, draw.Src)
	var data bytes.Buffer
	if err := png.Encode(&data, screen); err != nil {
		s.t.Fatal(err)
	}
	return s.write("screenshot.png", data.String())
}

// scanned is a PDF as a copier makes it: one JPEG that fills the page.
func (s *street) scanned(name, picturePNG string, attached ...string) string {
	s.t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, picture(s.t, picturePNG), &jpeg.Options{Quality: 80}); err != nil {
		s.t.Fatal(err)
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.RegisterImageOptionsReader("scan", fpdf.ImageOptions{ImageType: "JPG"}, &photo)
	pdf.ImageOptions("scan", 0, 0, 210, 297, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	var files []fpdf.Attachment
	for _, file := range attached {
		data, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		files = append(files, fpdf.Attachment{Content: data, Filename: "credential.jwt"})
	}
	if files != nil {
		pdf.SetAttachments(files)
	}
	path := filepath.Join(s.dir, name)
	if err := pdf.OutputFileAndClose(path); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// TestRowM5PaperAndPhone: a machine without a network verifies what is printed
// on A4, what a phone shows, and the same as a scan and as the PDF itself.
func TestRowM5PaperAndPhone(t *testing.T) {
	s := printingStreet(t)
	t.Setenv("PASSPORT_WALLET", filepath.Join(s.dir, "wallet.age"))
	did := strings.TrimSpace(s.must("wallet", "init"))
	learner := s.write("amina.json", `{"name":"Amina Diallo","nameOriginalScript":"أمينة ديالو","birthDate":"1994-03-12","documentNumber":"MC-PZ-2026-0042",`+
		`"result":"Superato","completedOn":"2026-11-18","holder":"`+did+`"}`)
	token := s.issue("ente", "food-hygiene", learner)
	s.must("wallet", "import", token)

	pdf, show, vp := filepath.Join(s.dir, "a4.pdf"), filepath.Join(s.dir, "show.png"), filepath.Join(s.dir, "shown.pdf")
	s.must("print", "MC-PZ-2026-0042", "--out", pdf, "--lang-holder", "en")
	s.must("wallet", "present", "--all", "--format", "qr", "--out", show)
	s.must("wallet", "present", "--all", "--format", "pdf", "--out", vp)
	paper := rendered(t, pdf, "150")
	inputs := map[string]string{
		"A4 at 150 dpi": paper, "scan as PDF": s.scanned("scan.pdf", paper), "PDF": pdf,
		"phone": s.screenshot(show), "PDF of the wallet": vp,
	}
	for name, file := range inputs {
		code, said := s.verify(file, "en")
		if code != exitOK {
			t.Errorf("%s: exit %d\n%s", name, code, said)
			continue
		}
		says(t, said, "VALID", "Amina Diallo", "Igiene degli alimenti in cucina")
	}

	s.must("revoke", "MC-PZ-2026-0042", "--reason", "assessment-invalid")
	for name, file := range inputs {
		if code, _ := s.verify(file, "en"); code != exitInvalid {
			t.Errorf("%s after the revocation: exit %d", name, code)
		}
	}
	if code, _, talk := s.run("print", "MC-PZ-2026-0042", "--out", filepath.Join(s.dir, "again.pdf")); code != exitInvalid || !strings.Contains(talk, "is not printed") {
		t.Errorf("a revoked document: exit %d, %s", code, talk)
	}
}

// TestRowN12PaperOfAPersonWithOneName: Abdullah, born in 1996, with no fiscal
// code, gets a credential and prints it.
func TestRowN12PaperOfAPersonWithOneName(t *testing.T) {
	s := printingStreet(t)
	s.issue("ente", "food-hygiene", examplesDir+"02-abdullah.json")
	pdf := filepath.Join(s.dir, "abdullah.pdf")
	s.must("print", "MC-PZ-2026-0043", "--out", pdf)
	code, said := s.verify(rendered(t, pdf, "150"), "en")
	if code != exitOK {
		t.Fatalf("exit %d\n%s", code, said)
	}
	says(t, said, "Abdullah", "عبد الله", "1996")
}

// TestPDFShowsSomebodyElsesCode: a good document is attached to a page that
// shows another one. Both are judged, the worst counts, and it is told.
func TestPDFShowsSomebodyElsesCode(t *testing.T) {
	s := printingStreet(t)
	amina := s.issue("ente", "food-hygiene", examplesDir+"01-amina-diallo.json")
	abdullah := s.issue("ente", "food-hygiene", examplesDir+"02-abdullah.json")
	shown := filepath.Join(s.dir, "shown.png")
	s.must("qr", "encode", abdullah, "--out", shown)
	both := s.scanned("both.pdf", shown, amina)
	bundle := filepath.Join(s.dir, "bundle")
	judge := func(file string) (int, string, string) {
		s.must("trust", "bundle", "--out", bundle)
		return s.run("verify", file, "--bundle", bundle, "--anchor", s.anchor)
	}
	code, said, talk := judge(both)
	if code != exitUnknown { // whose paper is it?
		t.Fatalf("two good documents: exit %d\n%s%s", code, said, talk)
	}
	says(t, said, "Amina Diallo", "Abdullah", "another document than the one inside")

	s.must("revoke", "MC-PZ-2026-0043", "--reason", "assessment-invalid")
	if code, said, _ := judge(both); code != exitInvalid {
		t.Errorf("one of them revoked: exit %d\n%s", code, said)
	}
	if code, said, _ := judge(s.scanned("alone.pdf", shown)); code != exitInvalid || strings.Contains(said, "shown_other") {
		t.Errorf("the picture alone: exit %d, %s", code, said)
	}
}

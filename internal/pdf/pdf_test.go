package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// checkered is a picture of a size, as PNG.
func checkered(t testing.TB, w, h int) *bytes.Buffer {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 31)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return &out
}

// document has an attachment on the file, one on a page, a PNG and a JPEG.
func document(t testing.TB) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetAttachments([]fpdf.Attachment{{Content: []byte("eyJhbGciOiJFUzI1NiJ9.e30.c2ln\n"), Filename: "credential.jwt"}})
	doc.AddPage()
	doc.AddAttachmentAnnotation(&fpdf.Attachment{Content: []byte("eyJ.on.page"), Filename: "nota.jwt"}, 10, 10, 20, 20)
	doc.RegisterImageOptionsReader("png", fpdf.ImageOptions{ImageType: "PNG"}, checkered(t, 200, 160))
	doc.ImageOptions("png", 10, 10, 50, 0, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 300, 200)), nil); err != nil {
		t.Fatal(err)
	}
	doc.RegisterImageOptionsReader("jpg", fpdf.ImageOptions{ImageType: "JPG"}, &photo)
	doc.ImageOptions("jpg", 10, 90, 50, 0, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// taken reads a file and keeps its pictures.
func taken(ctx context.Context, data []byte) (file *File, pictures [][]byte, err error) {
	file, err = Read(ctx, data, func(_ context.Context, p []byte) bool {
		pictures = append(pictures, p)
		return true
	})
	return file, pictures, err
}

func TestReadFindsAttachmentsAndPictures(t *testing.T) {
	file, pictures, err := taken(t.Context(), document(t))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, a := range file.Attachments {
		found[a.Name] = string(a.Data)
	}
	if found["credential.jwt"] != "eyJhbGciOiJFUzI1NiJ9.e30.c2ln\n" || found["nota.jwt"] != "eyJ.on.page" {
		t.Errorf("attachments %q", found)
	}
	if len(pictures) != 2 || file.Unread != 0 {
		t.Fatalf("%d pictures, %d unread", len(pictures), file.Unread)
	}
	sizes := map[image.Point]bool{}
	for _, p := range pictures {
		img, _, err := image.DecodeConfig(bytes.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		sizes[image.Pt(img.Width, img.Height)] = true
	}
	if !sizes[image.Pt(200, 160)] || !sizes[image.Pt(300, 200)] {
		t.Errorf("sizes %v", sizes)
	}
}

// TestReadRefuses: what is no PDF, broken or locked is an error to act on.
func TestReadRefuses(t *testing.T) {
	locked := fpdf.New("P", "mm", "A4", "")
	locked.SetProtection(fpdf.CnProtectPrint, "secret", "other")
	locked.AddPage()
	var sealed bytes.Buffer
	if err := locked.Output(&sealed); err != nil {
		t.Fatal(err)
	}
	good := document(t)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":  {nil, ErrPDF},
		"header":   {[]byte("%PDF-1.7\n"), ErrPDF},
		"text":     {[]byte("Attestato"), ErrPDF},
		"password": {sealed.Bytes(), ErrLocked},
	} {
		if _, _, err := taken(t.Context(), c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, n := range []int{100, len(good) / 2, len(good) - 200} { // cut short: an error or less, never a panic
		if file, _, err := taken(t.Context(), good[:n]); err != nil && !errors.Is(err, ErrPDF) {
			t.Errorf("cut at %d: %v, %v", n, file, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := taken(gone, good); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// written puts objects into a PDF by hand.
func written(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func deflated(data []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.String()
}

// TestReadIsBounded: a small file cannot ask for much memory: attachments and
// pictures above a bound are counted, and left.
func TestReadIsBounded(t *testing.T) {
	bomb := deflated(make([]byte, 64<<20))
	stream := func(dict, data string) string {
		return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
	}
	data := written(
		"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 3 0 R] >> >> >>",
		"<< /Type /Pages /Kids [] /Count 0 >>",
		"<< /Type /Filespec /F (bomb.jwt) /EF << /F 4 0 R >> >>",
		stream("/Filter /FlateDecode", bomb),
		stream("/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode", bomb),
		stream("/Type /XObject /Subtype /Image /Width 20 /Height 20 /BitsPerComponent 8 /ColorSpace /DeviceGray", strings.Repeat("x", 400)),
	)
	start := time.Now()
	if file, _, err := taken(t.Context(), data); !errors.Is(err, ErrTooLarge) {
		t.Fatal(file, err)
	}
	data = bytes.Replace(data, []byte("/EF << /F 4 0 R >>"), []byte("/EG << /F 4 0 R >>"), 1)
	data = bytes.Replace(data, []byte("<< /Filter /FlateDecode"), []byte("<< /Filter /Crypt /Subtype /Image"), 1)
	file, pictures, err := taken(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Attachments) != 0 || len(pictures) != 0 || file.Unread != 1 {
		t.Errorf("%d attachments, %d pictures, %d unread", len(file.Attachments), len(pictures), file.Unread)
	}
	if took := time.Since(start); took > Patience/2 {
		t.Errorf("took %v", took)
	}
}

// TestReadBoundsAllAttachments: many small streams that grow are as bad as one.
func TestReadBoundsAllAttachments(t *testing.T) {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"}
	grows := deflated(make([]byte, MaxAttachment))
	const many = 24
	for i := range many {
		objects = append(objects, fmt.Sprintf("<< /Type /Filespec /F (a) /EF << /F %d 0 R >> >>", 4+2*i),
			fmt.Sprintf("<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", len(grows), grows))
	}
	file, _, err := taken(t.Context(), written(objects...))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(file.Attachments); n != MaxAttached/MaxAttachment || file.Unread != many-n {
		t.Errorf("%d attachments, %d unread", n, file.Unread)
	}
}

// TestReadTakesEveryFileOfASpecification: programs differ in which member they
// take, so none of them may hide a document.
func TestReadTakesEveryFileOfASpecification(t *testing.T) {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>",
		"<< /Type /Filespec /F (a) /EF << /UF 4 0 R /F 5 0 R /DOS 6 0 R /Mac 7 0 R /Unix 8 0 R >> >>"}
	want := []string{"uf", "f", "dos", "mac", "unix"}
	for _, text := range want {
		objects = append(objects, fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text))
	}
	file, _, err := taken(t.Context(), written(objects...))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range file.Attachments {
		got = append(got, string(a.Data))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("attachments %q", got)
	}
}

// TestReadWeighsBefore: a small file must not grow in memory, however it is
// packed: objects in streams, twice packed, or very many.
func TestReadWeighsBefore(t *testing.T) {
	once := deflated(make([]byte, 16<<20))
	twice := deflated([]byte(once))
	stream := func(dict, data string) string {
		return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
	}
	many := func(n int, o string) []byte {
		objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"}
		for range n {
			objects = append(objects, o)
		}
		return written(objects...)
	}
	for name, data := range map[string][]byte{
		"objects":          many(20, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", once)),
		"twice":            many(20, stream("/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]", twice)),
		"like a picture":   many(20, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /X (1 0 obj << /Image >>)", once)),
		"in a comment":     many(20, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode % 1 0 obj << /Image\n", once)),
		"also a picture":   many(20, stream("/Type /ObjStm /Subtype /Image /N 1 /First 4 /Filter /FlateDecode", once)),
		"a picture inside": many(20, stream("/N 1 /First 4 /X << /Subtype /Image >> /Filter /FlateDecode", once)),
		"another's name":   many(20, stream("/N 1 /First 4 /X /Image /Filter /FlateDecode", once)),
		"an escaped name":  many(1, stream("/Type /Obj#53tm /N 1 /First 4 /Filter /FlateDecode", once)),
		"packed otherwise": many(1, stream("/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]", "78")),
		"many objects":     many(maxObjects+1, "<< >>"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		file, _, err := taken(t.Context(), data)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrPDF) {
			t.Errorf("%s: %v, %v", name, file, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
			t.Errorf("%s: allocated %d MiB", name, grown>>20)
		}
	}
}

// TestReadLooksAtAPictureAtATime: what a picture grows to is bounded, and let go
// before the next; three packings in each other are refused.
func TestReadLooksAtAPictureAtATime(t *testing.T) {
	const side = 4000
	grows := deflated(make([]byte, side*side*3))
	image := fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream",
		side, side, len(grows), grows)
	nested := strings.Replace(image, "/Filter /FlateDecode", "/Filter [/FlateDecode /FlateDecode /FlateDecode]", 1)
	file, pictures, err := taken(t.Context(), written("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", nested, image, image, image))
	if err != nil || len(pictures) != 3 || file.Unread != 1 {
		t.Errorf("%d pictures, %+v, %v", len(pictures), file, err)
	}
}

// TestReadIsOverInTime: what is left when the time is over is unread.
func TestReadIsOverInTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	file, err := Read(ctx, document(t), func(ctx context.Context, _ []byte) bool { <-ctx.Done(); return false })
	if file == nil || file.Unread != 2 || len(file.Attachments) != 2 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, %v", file, err)
	}
}

// TestReadWritesNothing: the library has a folder of settings, which is not ours to make.
func TestReadWritesNothing(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	if _, _, err := taken(t.Context(), document(t)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) > 0 {
		t.Errorf("reading left %v (%v)", entries, err)
	}
}

func TestIsPDF(t *testing.T) {
	if !IsPDF([]byte("\r\n%PDF-1.4")) || IsPDF([]byte("eyJ.%PD")) || IsPDF(nil) {
		t.Error("IsPDF")
	}
}

// No file makes Read panic, or read on for ever.
func FuzzRead(f *testing.F) {
	good := document(f)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("%PDF-1.7\n"))
	f.Add(written("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 9 >>", "<< /EF << /F 3 0 R >> /UF 3 0 R >>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		file, pictures, err := taken(t.Context(), data)
		if took := time.Since(start); took > Patience+5*time.Second {
			t.Fatalf("took %v", took)
		}
		if err != nil {
			if !errors.Is(err, ErrPDF) && !errors.Is(err, ErrLocked) && !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		if len(file.Attachments) > MaxAttachments || len(pictures) > MaxPictures {
			t.Fatalf("%d attachments, %d pictures", len(file.Attachments), len(pictures))
		}
	})
}

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// row counts the scenes of one kind.
type row struct{ scenes, first, within, wrong, phantom, asked, command int }

type table struct {
	rows []row // by kind
	all  row
	ms   []float64 // of all frames, sorted
}

func tableOf(all []scene, results []outcome) table {
	t := table{rows: make([]row, len(kinds))}
	for i, o := range results {
		for _, r := range []*row{&t.rows[all[i].kind], &t.all} {
			r.scenes++
			r.wrong += o.wrong
			if o.after == 1 {
				r.first++
			}
			if o.after > 0 {
				r.within++
			}
			if o.phantom > 0 {
				r.phantom++
			}
			if o.asked {
				r.asked++
			}
			if o.command {
				r.command++
			}
		}
		t.ms = append(t.ms, o.ms...)
	}
	slices.Sort(t.ms)
	return t
}

// text is the table in Markdown.
func (t table) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| what goes wrong | how much | scenes | read in one frame | within %d | wrong | command line, one frame |\n|---|---|--:|--:|--:|--:|--:|\n", most)
	for i, r := range t.rows {
		line(&b, kinds[i].name, kinds[i].words, r)
	}
	line(&b, "**all**", "", t.all)
	return b.String()
}

func line(b *strings.Builder, name, words string, r row) {
	fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d | %d of %d |\n", name, words, r.scenes, r.first, r.within, r.wrong, r.command, r.asked)
}

func (t table) percentile(p int) float64 { return t.ms[min(len(t.ms)-1, len(t.ms)*p/100)] }

// write puts the report and the sheet of pictures into a folder.
func write(dir string, seed uint64, all []scene, results []outcome, t table) error {
	head := fmt.Sprintf(`# How well codes are read

Made by %[1]smake scan%[1]s from seed %d: %d codes before a camera of %d by %d points, each in a size of our budget
(versions 13 to 22; level M on paper, L on a screen) with modules of 2.7 to 5.2 points, and up to %d frames of each, because a
hand does not hold still and a lens hunts for its focus. They are read by the page's own reader (zxing-wasm) with the page's
settings under Node. The last column is the scanner of the command line, which also looks at every picture and PDF that is
chosen as a file, with the first frame only and %v to look at it. The promise is 95 %% within %d frames, and never a wrong text.

`, "`", seed, len(all), width, height, most, look, most)
	tail := fmt.Sprintf(`
Within %d frames: **%.1f %%**, wrong: **%d**. In %d scenes the reader saw a second code that is not there beside the one that it
read; the camera then waits up to two seconds for a frame without it.

![twelve kinds of pictures, one a row](scan.jpg)
`, most, 100*float64(t.all.within)/float64(t.all.scenes), t.all.wrong, t.all.phantom)
	if err := os.WriteFile(filepath.Join(dir, "scan.md"), []byte(head+t.text()+tail), 0o644); err != nil {
		return err
	}
	fmt.Printf("a frame took %.0f ms at the median, %.0f at the 95th of 100\n", t.percentile(50), t.percentile(95))
	return sheet(filepath.Join(dir, "scan.jpg"), all, results)
}

// sheet shows the first frames of a few scenes of each kind, a row a kind, at a
// third of their size.
func sheet(path string, all []scene, results []outcome) error {
	const columns, part = 5, 4
	w, h := width/part, height/part
	img := image.NewGray(image.Rect(0, 0, columns*w, len(kinds)*h))
	shown := make([]int, len(kinds))
	for i, s := range all {
		column := shown[s.kind]
		if column == columns {
			continue
		}
		shown[s.kind]++
		for y := range h {
			for x := range w {
				sum := 0
				for dy := range part {
					for dx := range part {
						sum += int(results[i].shown[(y*part+dy)*width+x*part+dx])
					}
				}
				img.Pix[(s.kind*h+y)*img.Stride+column*w+x] = uint8(sum / part / part)
			}
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 70}); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

func asPNG(frame []uint8) ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.NoCompression}
	err := encoder.Encode(&out, gray(frame))
	return out.Bytes(), err
}

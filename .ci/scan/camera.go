package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// What a phone hands to the page. Cheap ones have twice as many points.
const (
	width, height = 1280, 720
	focal         = 1.1 * width // of the main lens of a phone
)

// shot is one frame: where the camera stands and what goes wrong. Lengths are in
// modules of the code, angles in radians; zero is a perfect picture.
type shot struct {
	dots         float64 // a module, straight on
	x, y         float64 // the code's middle beside the frame's, in points
	turn         float64
	tilt, toward float64 // of the paper, and in which direction
	bend         float64 // of the paper, as a share of its side
	blur         float64 // standard deviation
	smear        float64 // way of the hand while the picture is taken
	noise        float64 // standard deviation, of 255
	bright       float64 // of white, 0 to 1
	contrast     float64 // black under white, 0 to 1
	shade        float64 // light lost from one side to the other
	glare        float64 // radius of the reflection
	quality      int     // of JPEG, 0 for none
	screen       bool    // a phone's, not paper
	cracks       int
}

type vector struct{ x, y, z float64 }

func (a vector) dot(b vector) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }

func (a vector) cross(b vector) vector {
	return vector{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

// lens finds the place on the paper that a point of the frame sees.
type lens struct{ at, u, v, n vector }

func (s shot) lens() lens {
	distance := focal / s.dots
	lean := vector{math.Cos(s.toward), math.Sin(s.toward), 0}
	tip := func(p vector) vector { // turned by tilt around the axis lean
		c, n := math.Cos(s.tilt), math.Sin(s.tilt)
		k := lean.dot(p) * (1 - c)
		w := lean.cross(p)
		return vector{p.x*c + w.x*n + lean.x*k, p.y*c + w.y*n + lean.y*k, p.z*c + w.z*n + lean.z*k}
	}
	u := tip(vector{math.Cos(s.turn), math.Sin(s.turn), 0})
	v := tip(vector{-math.Sin(s.turn), math.Cos(s.turn), 0})
	return lens{at: vector{s.x / s.dots, s.y / s.dots, distance}, u: u, v: v, n: u.cross(v)}
}

// place is in modules from the middle of the code.
func (l lens) place(x, y float64) (float64, float64) {
	ray := vector{(x - width/2) / focal, (y - height/2) / focal, 1}
	t := l.at.dot(l.n) / ray.dot(l.n)
	p := vector{ray.x*t - l.at.x, ray.y*t - l.at.y, ray.z*t - l.at.z}
	return p.dot(l.u), p.dot(l.v)
}

// take gives the frame, row by row, 0 black.
func (s shot) take(r *rand.Rand, rows [][]bool) []uint8 {
	l, side := s.lens(), float64(len(rows))
	page := newPage(r, rows, s)
	v := make([]float32, width*height)
	for y := range height {
		for x := range width {
			sum := float32(0)
			for _, d := range [4][2]float64{{0.25, 0.25}, {0.75, 0.25}, {0.25, 0.75}, {0.75, 0.75}} {
				a, b := l.place(float64(x)+d[0], float64(y)+d[1])
				a += s.bend * side * math.Sin(b/side*math.Pi)
				sum += page.ink(a, b)
			}
			v[y*width+x] = sum / 4
		}
	}
	v = smeared(v, s.smear*s.dots, r.Float64()*math.Pi)
	v = blurred(v, s.blur*s.dots)
	return s.expose(r, v)
}

// expose turns light into points: reflection, shade, grain, and the file.
func (s shot) expose(r *rand.Rand, v []float32) []uint8 {
	out := make([]uint8, len(v))
	direction := r.Float64() * 2 * math.Pi
	gx, gy := width/2+s.x+(r.Float64()-0.5)*60*s.dots, height/2+s.y+(r.Float64()-0.5)*60*s.dots
	radius := max(s.glare*s.dots, 1e-6)
	for y := range height {
		for x := range width {
			across := ((float64(x)/width-0.5)*math.Cos(direction)+(float64(y)/height-0.5)*math.Sin(direction))/1.42 + 0.5
			light := s.bright * (1 - s.contrast*(1-float64(v[y*width+x]))) * (1 - s.shade*across)
			if s.glare > 0 {
				light += 1.4 * math.Exp(-(math.Pow(float64(x)-gx, 2)+math.Pow(float64(y)-gy, 2))/(radius*radius))
			}
			out[y*width+x] = uint8(min(max(255*light+s.noise*r.NormFloat64(), 0), 255))
		}
	}
	if s.quality == 0 {
		return out
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, gray(out), &jpeg.Options{Quality: s.quality}); err != nil {
		panic(err) // a buffer takes everything
	}
	img, err := jpeg.Decode(&file)
	if err != nil {
		panic(err) // what was just written
	}
	return img.(*image.Gray).Pix
}

func gray(pix []uint8) *image.Gray {
	return &image.Gray{Pix: pix, Stride: width, Rect: image.Rect(0, 0, width, height)}
}

func blurred(v []float32, sigma float64) []float32 {
	if sigma < 0.2 {
		return v
	}
	reach := int(3*sigma) + 1
	kernel := make([]float32, 2*reach+1)
	total := float32(0)
	for i := range kernel {
		d := float64(i - reach)
		kernel[i] = float32(math.Exp(-d * d / (2 * sigma * sigma)))
		total += kernel[i]
	}
	for _, step := range [2][2]int{{1, 0}, {0, 1}} {
		v = filtered(v, func(i int) (float32, int, int) {
			return kernel[i] / total, step[0] * (i - reach), step[1] * (i - reach)
		}, len(kernel))
	}
	return v
}

// smeared is the mean along a way of so many points.
func smeared(v []float32, way, angle float64) []float32 {
	n := int(way + 0.5)
	if n < 2 {
		return v
	}
	return filtered(v, func(i int) (float32, int, int) {
		d := float64(i) - float64(n-1)/2
		return 1 / float32(n), int(math.Round(d * math.Cos(angle))), int(math.Round(d * math.Sin(angle)))
	}, n)
}

// filtered sums n neighbours, each with its weight and its distance.
func filtered(v []float32, tap func(int) (weight float32, dx, dy int), n int) []float32 {
	out := make([]float32, len(v))
	for i := range n {
		weight, dx, dy := tap(i)
		for y := range height {
			row := min(max(y+dy, 0), height-1) * width
			for x := range width {
				out[y*width+x] += weight * v[row+min(max(x+dx, 0), width-1)]
			}
		}
	}
	return out
}

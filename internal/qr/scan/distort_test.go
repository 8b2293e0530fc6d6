package scan

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
)

// distortions are what happens to a code between the printer and the camera,
// each as a recipe of random strength. The strongest of each are beyond every
// decoder, on purpose.
var distortions = []struct {
	name   string
	recipe func(*rand.Rand) recipe
}{
	{"blur", func(r *rand.Rand) recipe { return recipe{blur: between(r, 0.25, 0.75)} }},
	{"noise", func(r *rand.Rand) recipe { return recipe{noise: between(r, 15, 80), blur: 0.15} }},
	{"perspective", func(r *rand.Rand) recipe { return recipe{tilt: between(r, 0.1, 0.45), blur: 0.15} }},
	{"rotation", func(r *rand.Rand) recipe { return recipe{turn: between(r, -180, 180), blur: 0.2} }},
	{"low contrast", func(r *rand.Rand) recipe { return recipe{contrast: between(r, 0.04, 0.3), noise: 3, blur: 0.15} }},
	{"damage", func(r *rand.Rand) recipe { return recipe{damage: between(r, 0.005, 0.03), blur: 0.15} }},
	{"uneven light", func(r *rand.Rand) recipe { return recipe{shade: between(r, 0.4, 0.95), noise: 4, blur: 0.15} }},
	{"jpeg", func(r *rand.Rand) recipe { return recipe{quality: int(between(r, 3, 30)), noise: 6, blur: 0.2} }},
	{"photograph", func(r *rand.Rand) recipe {
		return recipe{blur: between(r, 0.2, 0.5), noise: between(r, 4, 15), tilt: between(r, 0.05, 0.25), turn: between(r, -30, 30),
			contrast: between(r, 0.3, 0.8), shade: between(r, 0.1, 0.6), quality: 60, bend: between(r, 0, 0.012)}
	}},
	{"bad photograph", func(r *rand.Rand) recipe {
		return recipe{blur: between(r, 0.3, 0.6), noise: between(r, 8, 25), tilt: between(r, 0.1, 0.35), turn: between(r, -180, 180),
			contrast: between(r, 0.2, 0.6), shade: between(r, 0.2, 0.7), damage: between(r, 0, 0.015), quality: 35, bend: between(r, 0, 0.02)}
	}},
}

// recipe says how strong each distortion is; zero is none.
type recipe struct {
	blur     float64 // standard deviation, in modules
	noise    float64 // standard deviation, in grey levels
	tilt     float64 // of the paper against the camera
	turn     float64 // degrees
	contrast float64 // share of black to white that is left
	damage   float64 // share of the area covered by blots
	shade    float64 // light lost from one side to the other
	quality  int     // of JPEG; 0 keeps PNG
	bend     float64 // of the paper, as a share of its side
}

func between(r *rand.Rand, low, high float64) float64 { return low + r.Float64()*(high-low) }

// specimen is picture i of the set: always the same bytes.
func specimen(t testing.TB, i int) (name, text string, picture []byte) {
	r := rand.New(rand.NewPCG(2026, uint64(i)))
	d := distortions[i%len(distortions)]
	text = randomText(t, r)
	rows, err := qr.Modules(text, qr.LevelM)
	if err != nil {
		t.Fatal(err)
	}
	return d.name, text, photograph(t, r, rows, d.recipe(r))
}

// randomText is a frame of 250 to 700 bytes.
func randomText(t testing.TB, r *rand.Rand) string {
	return textOf(t, r, 180+r.IntN(470))
}

func textOf(t testing.TB, r *rand.Rand, size int) string {
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(r.Uint32())
	}
	b64 := base64.RawURLEncoding.EncodeToString
	token := b64([]byte(`{"alg":"ES256","kid":"did:web:ente.example#key-1","typ":"vc+jwt"}`)) + "." + b64([]byte(`{}`)) + "." + b64(content)
	text, _, err := qr.Encode("https://verify.example/v", []string{token}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// photograph takes the code: paper on a desk, through all of the recipe.
func photograph(t testing.TB, r *rand.Rand, rows [][]bool, c recipe) []byte {
	n := float64(len(rows))
	dots := between(r, 3.2, 6)
	side := int(n * dots * 1.25)
	camera := cameraOf(r, n, float64(side), dots, c)
	blots := blotsOf(r, n, c.damage)
	v := make([]float64, side*side)
	for y := range side {
		for x := range side {
			sum := 0.0
			for _, d := range [4]point{{0.25, 0.25}, {0.75, 0.25}, {0.25, 0.75}, {0.75, 0.75}} {
				p := camera.at(float64(x)+d.x, float64(y)+d.y)
				p.x += c.bend * n * math.Sin(p.y/n*math.Pi)
				sum += ink(rows, blots, p)
			}
			v[y*side+x] = sum / 4
		}
	}
	v = gauss(v, side, c.blur*dots)
	return expose(t, r, v, side, c)
}

// cameraOf maps picture points to modules.
func cameraOf(r *rand.Rand, n, side, dots float64, c recipe) *plane {
	a := c.turn * math.Pi / 180
	half := n / 2 * dots
	if c.turn != 0 || c.tilt != 0 {
		half *= 0.85
	}
	var places, points [4]point
	for i, corner := range [4]point{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
		x := corner.x * half * (1 - c.tilt*between(r, 0, 1)/2)
		y := corner.y * half * (1 - c.tilt*between(r, 0, 1)/2)
		places[i] = point{side/2 + x*math.Cos(a) - y*math.Sin(a), side/2 + x*math.Sin(a) + y*math.Cos(a)}
		points[i] = point{n / 2 * (corner.x + 1), n / 2 * (corner.y + 1)}
	}
	camera, ok := planeOf(places, points)
	if !ok {
		panic("corners on a line")
	}
	return camera
}

type blot struct {
	at     point
	radius float64
	value  float64
}

// blotsOf covers a share of the code, quiet zone not counted, sparing the
// finders: no decoder finds a code without them.
func blotsOf(r *rand.Rand, n, share float64) (blots []blot) {
	inner := n - 2*qr.QuietZone
	for left := share * inner * inner; left > 1; {
		b := blot{point{between(r, 0, inner), between(r, 0, inner)}, min(between(r, 1, 5), math.Sqrt(left/math.Pi)), float64(r.IntN(2))}
		margin := 8 + b.radius
		nearX, farX, nearY, farY := b.at.x < margin, b.at.x > inner-margin, b.at.y < margin, b.at.y > inner-margin
		if nearX && nearY || farX && nearY || nearX && farY {
			continue
		}
		b.at.x, b.at.y = b.at.x+qr.QuietZone, b.at.y+qr.QuietZone
		blots = append(blots, b)
		left -= math.Pi * b.radius * b.radius
	}
	return blots
}

// ink is 0 for dark, 1 for paper and 0.7 for the desk around it.
func ink(rows [][]bool, blots []blot, p point) float64 {
	if p.x < 0 || p.y < 0 || p.x >= float64(len(rows)) || p.y >= float64(len(rows)) {
		return 0.7
	}
	for _, b := range blots {
		if math.Hypot(p.x-b.at.x, p.y-b.at.y) < b.radius {
			return b.value
		}
	}
	if rows[int(p.y)][int(p.x)] {
		return 0
	}
	return 1
}

func gauss(v []float64, side int, sigma float64) []float64 {
	if sigma < 0.2 {
		return v
	}
	reach := int(3*sigma) + 1
	kernel := make([]float64, 2*reach+1)
	total := 0.0
	for i := range kernel {
		d := float64(i - reach)
		kernel[i] = math.Exp(-d * d / (2 * sigma * sigma))
		total += kernel[i]
	}
	for _, stride := range [2]int{1, side} {
		out := make([]float64, len(v))
		for y := range side {
			for x := range side {
				at := x
				if stride == side {
					at = y
				}
				sum := 0.0
				for i, k := range kernel {
					j := min(max(at+i-reach, 0), side-1)
					sum += k * v[y*side+x+(j-at)*stride]
				}
				out[y*side+x] = sum / total
			}
		}
		v = out
	}
	return v
}

// expose takes the picture: light, contrast, grain and the camera's format.
func expose(t testing.TB, r *rand.Rand, v []float64, side int, c recipe) []byte {
	if c.contrast == 0 {
		c.contrast = 0.9
	}
	direction := between(r, 0, 2*math.Pi)
	floor := between(r, 0, 1-c.contrast) * 255
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			across := ((float64(x)/float64(side)-0.5)*math.Cos(direction)+(float64(y)/float64(side)-0.5)*math.Sin(direction))/1.42 + 0.5
			level := (floor + 255*c.contrast*v[y*side+x]) * (1 - c.shade*across)
			img.Pix[y*side+x] = uint8(min(max(level+r.NormFloat64()*c.noise, 0), 255))
		}
	}
	var out bytes.Buffer
	var err error
	if c.quality > 0 {
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: c.quality})
	} else {
		err = png.Encode(&out, img)
	}
	if err != nil {
		t.Fatal(fmt.Errorf("specimen: %w", err))
	}
	return out.Bytes()
}

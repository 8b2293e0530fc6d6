package main

import (
	"encoding/base64"
	"math"
	"math/rand/v2"

	"github.com/employment-passport/passport/internal/qr"
)

// kind is something that goes wrong between paper and camera, at a random
// strength up to what people meet.
type kind struct {
	name, words string
	spoil       func(*rand.Rand, *shot)
}

func between(r *rand.Rand, low, high float64) float64 { return low + r.Float64()*(high-low) }

func degrees(d float64) float64 { return d * math.Pi / 180 }

var kinds = []kind{
	{"rotation", "turned by any angle", func(r *rand.Rand, s *shot) { s.turn = between(r, -math.Pi, math.Pi) }},
	{"perspective", "held askew, 15 to 45 degrees", func(r *rand.Rand, s *shot) { s.tilt = degrees(between(r, 15, 45)) }},
	{"blur", "out of focus, up to 0.7 modules", func(r *rand.Rand, s *shot) { s.blur = between(r, 0.35, 0.7) }},
	{"shake", "moved by up to 1.2 modules while the picture is taken", func(r *rand.Rand, s *shot) { s.smear = between(r, 0.5, 1.2) }},
	{"noise", "grain of 15 to 45 levels", func(r *rand.Rand, s *shot) { s.noise = between(r, 15, 45) }},
	{"jpeg", "a video call: JPEG of quality 8 to 30", func(r *rand.Rand, s *shot) { s.quality = 8 + r.IntN(23) }},
	{"glare", "the reflection of a lamp, up to 14 modules wide", func(r *rand.Rand, s *shot) { s.glare = between(r, 4, 7) }},
	{"low light", "white at a fifth to two fifths, grain, shade", func(r *rand.Rand, s *shot) {
		s.bright, s.noise, s.shade, s.blur = between(r, 0.2, 0.4), between(r, 4, 9), between(r, 0.2, 0.6), between(r, 0.3, 0.5)
	}},
	{"0.33 mm", "modules of 0.33 mm at the distance for 0.42", func(r *rand.Rand, s *shot) {
		s.dots, s.noise = between(r, 2.7, 3.6), between(r, 3, 8)
	}},
	{"cracked screen", "a phone with 3 to 9 cracks from one point", func(r *rand.Rand, s *shot) {
		s.screen, s.cracks, s.bright, s.tilt = true, 3+r.IntN(7), between(r, 0.6, 1), degrees(between(r, 0, 20))
	}},
	{"bent paper", "not flat, by up to 2 % of its side, and askew", func(r *rand.Rand, s *shot) {
		s.bend, s.tilt = between(r, 0.005, 0.02), degrees(between(r, 5, 25))
	}},
	{"all together", "a tired person at a counter: some of everything", func(r *rand.Rand, s *shot) {
		s.turn, s.tilt, s.blur, s.noise = between(r, -0.5, 0.5), degrees(between(r, 5, 30)), between(r, 0.3, 0.55), between(r, 6, 18)
		s.smear, s.bright, s.shade, s.quality, s.bend = between(r, 0, 0.6), between(r, 0.4, 0.8), between(r, 0.1, 0.5), 40+r.IntN(40), between(r, 0, 0.008)
		s.glare = between(r, 0, 4)
	}},
}

// scene is one code before the camera, and the frames in which it stands.
type scene struct {
	kind   int
	seed   uint64
	text   string
	rows   [][]bool
	steady shot
}

// scenes are the corpus: always the same from the same seed.
func scenes(seed uint64, n int) ([]scene, error) {
	all := make([]scene, n)
	for i := range all {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		s := scene{kind: i % len(kinds), seed: seed<<20 + uint64(i)*16}
		s.steady = shot{dots: between(r, 3.4, 5.2), bright: between(r, 0.75, 0.98), contrast: between(r, 0.8, 0.92), blur: 0.25, noise: 3, toward: between(r, 0, 2*math.Pi), turn: between(r, -0.15, 0.15)}
		kinds[s.kind].spoil(r, &s.steady)
		size, level := 210+r.IntN(455), qr.LevelM
		if s.steady.screen {
			size, level = 300+r.IntN(550), qr.LevelL
		}
		var err error
		if s.text, err = textOf(r, size); err != nil {
			return nil, err
		}
		if s.rows, err = qr.Modules(s.text, level); err != nil {
			return nil, err
		}
		fits := 0.94 * height / (float64(len(s.rows)) * (math.Abs(math.Cos(s.steady.turn)) + math.Abs(math.Sin(s.steady.turn))))
		s.steady.dots = min(s.steady.dots, fits)
		all[i] = s
	}
	return all, nil
}

// frame is the n-th of the scene: a hand does not hold still, a lens hunts for
// its focus, and no grain comes twice.
func (s scene) frame(n int) []uint8 {
	r := rand.New(rand.NewPCG(s.seed, uint64(n)))
	now := s.steady
	now.x, now.y = between(r, -30, 30), between(r, -12, 12)
	now.turn += between(r, -0.04, 0.04)
	now.tilt = max(0, now.tilt+between(r, -0.05, 0.05))
	now.dots *= between(r, 0.95, 1.03)
	now.blur *= between(r, 0.7, 1.15)
	now.smear *= between(r, 0.3, 1.15)
	return now.take(r, s.rows)
}

// textOf is the text of a document whose frame has about so many bytes.
func textOf(r *rand.Rand, size int) (string, error) {
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(r.Uint32())
	}
	b64 := base64.RawURLEncoding.EncodeToString
	token := b64([]byte(`{"alg":"ES256","kid":"did:web:ente.example#key-1","typ":"vc+jwt"}`)) + "." + b64([]byte(`{}`)) + "." + b64(content)
	text, _, err := qr.Encode("https://verify.example/v", []string{token}, qr.Options{})
	return text, err
}

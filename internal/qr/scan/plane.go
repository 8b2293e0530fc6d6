package scan

import "math"

// plane maps places of the code, in modules, to the picture: the eight numbers
// of a perspective.
type plane [8]float64

func (p *plane) at(u, v float64) point {
	d := p[6]*u + p[7]*v + 1
	return point{(p[0]*u + p[1]*v + p[2]) / d, (p[3]*u + p[4]*v + p[5]) / d}
}

// planeOf solves the perspective that takes four places to four points.
func planeOf(places, points [4]point) (*plane, bool) {
	var m [8][9]float64
	for i := range 4 {
		u, v, x, y := places[i].x, places[i].y, points[i].x, points[i].y
		m[2*i] = [9]float64{u, v, 1, 0, 0, 0, -u * x, -v * x, x}
		m[2*i+1] = [9]float64{0, 0, 0, u, v, 1, -u * y, -v * y, y}
	}
	for col := range 8 {
		pivot := col
		for row := col + 1; row < 8; row++ {
			if math.Abs(m[row][col]) > math.Abs(m[pivot][col]) {
				pivot = row
			}
		}
		if math.Abs(m[pivot][col]) < 1e-9 {
			return nil, false
		}
		m[col], m[pivot] = m[pivot], m[col]
		for row := range 8 {
			if row == col {
				continue
			}
			f := m[row][col] / m[col][col]
			for k := col; k < 9; k++ {
				m[row][k] -= f * m[col][k]
			}
		}
	}
	var p plane
	for i := range p {
		p[i] = m[i][8] / m[i][i]
	}
	return &p, true
}

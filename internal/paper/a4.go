package paper

const (
	a4Width, a4Height = 210.0, 297.0
	margin            = 20.0
)

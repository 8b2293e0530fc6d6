package scan

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"time"
)

const (
	zbarTime  = 5 * time.Second
	zbarBytes = 64 << 10
)

// zbarimg asks the program of that name, where it is installed, when our own
// passes have read nothing. The picture goes through its standard input: no
// file, no name, no shell.
func zbarimg(ctx context.Context, data []byte) []string {
	path, err := exec.LookPath("zbarimg")
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, zbarTime)
	defer cancel()
	//nolint:gosec // the path is that of zbarimg, the arguments are constants
	cmd := exec.CommandContext(ctx, path, "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-")
	cmd.Stdin = bytes.NewReader(data)
	out := &bounded{left: zbarBytes}
	cmd.Stdout = out
	cmd.Env = []string{}
	if cmd.Run() != nil {
		return nil
	}
	return strings.Fields(out.String())
}

// bounded keeps the first bytes and drops the rest.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.Buffer.Write(p[:n])
	return len(p), nil
}

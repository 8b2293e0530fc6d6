package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
)

// reader is the page's reader, in a Node of its own.
type reader struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

// answer is what one frame showed.
type answer struct {
	Texts  []string `json:"texts"`
	Unread int      `json:"unread"`
	MS     float64  `json:"ms"`
}

func startReader() (*reader, error) {
	cmd := exec.Command("node", ".ci/scan/read.mjs", strconv.Itoa(width), strconv.Itoa(height))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	return &reader{cmd, in, lines}, nil
}

func (p *reader) ask(n int, frame []uint8) (a answer, err error) {
	message := append(binary.LittleEndian.AppendUint32(nil, uint32(n)), frame...)
	if _, err := p.in.Write(message); err != nil {
		return a, fmt.Errorf("node: %w", err)
	}
	if !p.lines.Scan() {
		return a, fmt.Errorf("node gave no answer: %w", p.lines.Err())
	}
	return a, json.Unmarshal(p.lines.Bytes(), &a)
}

func (p *reader) end() {
	_ = p.in.Close() // it ends by it
	_ = p.cmd.Wait() // all its answers are here
}

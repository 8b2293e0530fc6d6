package passporttest

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// RunPeak runs a command to its end and gives the most that it held in memory,
// in KiB, as Linux tells it (proc(5), VmHWM); 0 on other systems. The account
// that a parent gets of its child will not do: it begins with the parent's own.
func RunPeak(cmd *exec.Cmd) (peak int64, err error) {
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case err := <-done:
			return peak, err
		default:
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if found := highWater.FindSubmatch(status); err == nil && found != nil {
			kib, _ := strconv.ParseInt(string(found[1]), 10, 64)
			peak = max(peak, kib)
		}
	}
}

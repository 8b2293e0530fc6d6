package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pinned is one file of the camera's reader with its hash.
type pinned struct {
	From   string `json:"from"`
	To     string `json:"to"` // in built; packed where it ends with .gz
	SHA256 string `json:"sha256"`
}

// reader takes the camera's reader out of its package: exactly the files that we
// know, by their hashes, its licence among them.
func reader() error {
	data, err := os.ReadFile(kit + "/zxing.json")
	if err != nil {
		return err
	}
	var want struct {
		Licence string   `json:"licence"`
		Files   []pinned `json:"files"`
	}
	if err := json.Unmarshal(data, &want); err != nil {
		return fmt.Errorf("zxing.json: %w", err)
	}
	mark, stamp := filepath.Join(built, ".zxing.stamp"), hash(data)
	if old, _ := os.ReadFile(mark); string(old) == stamp && all(want.Files) {
		return nil
	}
	if _, err := exec.LookPath("npm"); err != nil {
		fmt.Println("npm is missing: the pages are built without the live camera, and take pictures and files")
		return os.RemoveAll(filepath.Join(built, "zxing"))
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", kit)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci: %w", err)
	}
	if err := licence(want.Licence); err != nil {
		return err
	}
	for _, f := range want.Files {
		if err := f.take(); err != nil {
			return err
		}
	}
	return os.WriteFile(mark, []byte(stamp), 0o644)
}

func (f pinned) take() error {
	data, err := os.ReadFile(filepath.Join(kit, "node_modules/zxing-wasm", filepath.FromSlash(f.From)))
	if err != nil {
		return err
	}
	if got := hash(data); got != f.SHA256 {
		return fmt.Errorf("%s: its hash is %s, not the one of zxing.json", f.From, got)
	}
	if strings.HasSuffix(f.To, ".gz") {
		if data, err = pack(data); err != nil {
			return err
		}
	}
	return put(built, f.To, data)
}

// licence compares what the package says of itself.
func licence(want string) error {
	data, err := os.ReadFile(filepath.Join(kit, "node_modules/zxing-wasm/package.json"))
	if err != nil {
		return err
	}
	var said struct {
		License string `json:"license"`
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return err
	}
	if said.License != want {
		return fmt.Errorf("zxing-wasm: its licence is %q, not %q", said.License, want)
	}
	return nil
}

func all(files []pinned) bool {
	for _, f := range files {
		if _, err := os.Stat(filepath.Join(built, filepath.FromSlash(f.To))); err != nil {
			return false
		}
	}
	return true
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

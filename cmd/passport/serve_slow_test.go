package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestThreatE03EndlessBody: a body that never ends, chunk by chunk or byte by
// byte, is given up within its limit, with a problem, and costs nobody else.
func TestThreatE03EndlessBody(t *testing.T) {
	w, key := newWorld(t, "limits: {bodyTimeout: 400ms}\n")
	for name, kind := range map[string]string{"chunks": "Transfer-Encoding: chunked", "a long length": "Content-Length: 100000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", w.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			fmt.Fprintf(conn, "POST /api/v1/credentials HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s\r\n\r\n", w.address, key, kind)
			stop := make(chan struct{})
			go func() {
				for {
					piece := " "
					if name == "chunks" {
						piece = "1\r\n \r\n"
					}
					select {
					case <-stop:
						return
					case <-time.After(20 * time.Millisecond):
						_, _ = io.WriteString(conn, piece)
					}
				}
			}()
			_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second)) // the slow body itself has no end
			answer := make([]byte, 4096)
			n, _ := io.ReadAtLeast(conn, answer, 600)
			close(stop)
			if text := string(answer[:n]); !strings.HasPrefix(text, "HTTP/1.1 408 ") || !strings.Contains(text, `"body_slow"`) || !strings.Contains(text, "Connection: close") {
				t.Errorf("%.900s", text)
			}
		})
	}
}

// TestServeSheetHasTime: a sheet may take longer to come than a normal body.
func TestServeSheetHasTime(t *testing.T) {
	w, key := newWorld(t, "limits: {bodyTimeout: 300ms}\n")
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	sheet := "name;birthDate;documentNumber\nAmina Diallo;1990-05-17;MC-1\n"
	fmt.Fprintf(conn, "POST /api/v1/sheets?issuer=ente&template=food-hygiene&dryRun=true HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: text/csv\r\nConnection: close\r\nContent-Length: %d\r\n\r\n",
		w.address, key, len(sheet))
	for _, piece := range []string{sheet[:10], sheet[10:20], sheet[20:]} {
		time.Sleep(250 * time.Millisecond)
		if _, err := io.WriteString(conn, piece); err != nil {
			t.Fatal(err)
		}
	}
	answer, _ := io.ReadAll(conn)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 2") {
		t.Errorf("%.600s", answer)
	}
}

// TestThreatE04SlowConnections: 500 clients that send a header now and then, or
// nothing, keep nobody else from being served; those are given up.
func TestThreatE04SlowConnections(t *testing.T) {
	w, _ := newWorld(t, "")
	const slow = 500
	conns := make([]net.Conn, slow)
	for n := range conns {
		conn, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		conns[n] = conn
		if n%2 == 0 {
			fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: %s\r\nX-A: ", w.address)
		}
	}
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	var took []time.Duration
	for range 50 {
		start := time.Now()
		if answer, _ := w.ask("GET", "/openapi.json", ""); answer.StatusCode != http.StatusOK {
			t.Fatalf("%d", answer.StatusCode)
		}
		took = append(took, time.Since(start))
	}
	if worst := slices.Max(took); worst > 4*time.Second {
		t.Errorf("another client waited %s", worst)
	}
	begun := conns[0]
	_ = begun.SetReadDeadline(time.Now().Add(headerTime + 20*time.Second))
	if _, err := begun.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("a header that does not come is waited for: %v", err)
	}
}

func isTimeout(err error) bool {
	var late net.Error
	return errors.As(err, &late) && late.Timeout()
}

// TestThreatE04HeaderFlood: headers beyond 16 KiB are refused, whatever comes
// behind.
func TestThreatE04HeaderFlood(t *testing.T) {
	w, _ := newWorld(t, "")
	for name, flood := range map[string]string{
		"one long":  "X-A: " + strings.Repeat("a", 40<<10) + "\r\n",
		"many":      strings.Repeat("X-A: a\r\n", 6<<10),
		"long path": "",
	} {
		path := "/healthz"
		if name == "long path" {
			path += "?" + strings.Repeat("a", 40<<10)
		}
		if answer := w.raw("GET " + path + " HTTP/1.1\r\nHost: " + w.address + "\r\n" + flood + "\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 431 ") {
			t.Errorf("%s: %.100s", name, answer)
		}
	}
}

// TestFaultR11BusyClassLeavesOthers: when all places for acts are taken, another
// act is asked to come again, and verification, reading and health go on.
func TestFaultR11BusyClassLeavesOthers(t *testing.T) {
	w, key := newWorld(t, "limits: {acting: 1, wait: 50ms, bodyTimeout: 5s}\n")
	w.settled("ente.example", "/status/1")  // before its lists are out it is not ready
	slow, err := net.Dial("tcp", w.address) // holds the only place with a body that comes slowly
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	fmt.Fprintf(slow, "POST /api/v1/credentials HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{", w.address, key)
	var refused *http.Response
	var text string
	for range 100 {
		refused, text = w.ask("POST", "/api/v1/credentials", issueBody("Amina Diallo", "MC-1"), "Authorization", "Bearer "+key, "Content-Type", asJSON)
		if refused.StatusCode == 503 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if p := w.problem(refused, text); p.Code != "busy" || refused.Header.Get("Retry-After") == "" {
		t.Errorf("%+v %v", p, refused.Header)
	}
	var others sync.WaitGroup
	for _, c := range []struct{ method, path string }{{"POST", "/credentials/verify"}, {"GET", "/openapi.json"}, {"GET", "/healthz"}, {"GET", "/readyz"}} {
		others.Go(func() {
			start := time.Now()
			answer, _ := w.ask(c.method, c.path, "{}", "Content-Type", asJSON)
			if answer.StatusCode == 503 || time.Since(start) > 4*time.Second {
				t.Errorf("%s: %d after %s", c.path, answer.StatusCode, time.Since(start))
			}
		})
	}
	others.Wait()
}

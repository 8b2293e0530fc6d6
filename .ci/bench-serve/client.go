package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"time"
)

// client is one connection that stays open. Its requests are bytes made
// beforehand; of an answer it reads the status and the length.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// request is a whole HTTP/1.1 request.
func request(method, path, host, headers string, body []byte) []byte {
	text := method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers
	if body != nil {
		text += "Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	return append([]byte(text+"\r\n"), body...)
}

var errAnswer = errors.New("not an answer of HTTP/1.1")

// do sends a request and reads its answer. The body is valid until the next.
func (c *client) do(request []byte) (status int, body []byte, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, nil, errors.Join(errAnswer, err)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, errAnswer
	}
	length, chunked := 0, false
	for {
		line, err = c.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, nil, errAnswer
			}
		}
		chunked = chunked || bytes.HasPrefix(line, []byte("Transfer-Encoding: chunked"))
	}
	if status == 304 {
		return status, nil, nil
	}
	if chunked {
		body, err = io.ReadAll(httputil.NewChunkedReader(c.in))
		if err == nil {
			_, err = c.in.Discard(2) // the line end behind the last chunk
		}
		return status, body, err
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	body = c.body[:length]
	_, err = io.ReadFull(c.in, body)
	return status, body, err
}

// expect is do for an answer of one status.
func (c *client) expect(want int, request []byte) ([]byte, error) {
	status, body, err := c.do(request)
	if err == nil && status != want {
		err = fmt.Errorf("status %d: %.300s", status, body)
	}
	return body, err
}

// clients opens connections.
func clients(address string, n int) (all []*client, err error) {
	for range n {
		c, err := dial(address)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func closeAll(all []*client) {
	for _, c := range all {
		_ = c.conn.Close()
	}
}

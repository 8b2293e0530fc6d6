package qr

import (
	"crypto/sha256"
)

const didKeyPrefix = "did:key:z"

// expander turns a text with markers, and its raw values, into tokens. It is
// written for hostile input: what it builds never grows past MaxToken a token,
// and every reference points back.
type expander struct {
	text, raw []byte
	keys      []string // did:keys met, for markDIDKey
	ends      ended    // tokens that are complete, nested ones too, for markHash
	census    census
}

// expand gives the tokens of a text. Both text and raw must be used up.
func expand(text, raw []byte) ([]string, error) {
	x := &expander{text: text, raw: raw}
	var tokens []string
	for {
		out, err := x.run(0)
		if err != nil {
			return nil, err
		}
		token := string(out)
		if token == "" {
			return nil, malformed("an empty token")
		}
		if err := x.census.token(token); err != nil {
			return nil, err
		}
		x.ends.add(token)
		tokens = append(tokens, token)
		if len(x.text) == 0 {
			break
		}
		x.text = x.text[1:] // run stopped at markToken
	}
	if len(x.raw) != 0 {
		return nil, malformed("%d raw bytes that nothing stands for", len(x.raw))
	}
	return tokens, nil
}

// run expands up to markToken or the end at depth 0, up to markEnd inside a
// JWS. It leaves the token marker and eats the end marker.
func (x *expander) run(depth int) ([]byte, error) {
	var out []byte
	for len(x.text) > 0 {
		c := x.text[0]
		if depth == 0 && c == markToken {
			return out, nil
		}
		x.text = x.text[1:]
		if depth > 0 && c == markEnd {
			return out, nil
		}
		if c < markFirst {
			if depth == 0 && c >= 0x80 {
				return nil, malformed("byte %#x in a token", c)
			}
			out = append(out, c)
		} else if value, err := x.value(c, depth); err != nil {
			return nil, err
		} else {
			out = append(out, value...)
		}
		if len(out) > MaxToken {
			return nil, tooLarge("a token over %d bytes", MaxToken)
		}
	}
	if depth > 0 {
		return nil, malformed("a JWS without end")
	}
	return out, nil
}

// value expands one marker.
func (x *expander) value(mark byte, depth int) (string, error) {
	switch mark {
	case markJWS:
		return x.jws(depth + 1)
	case markUUID:
		b, err := x.take(16)
		return textOf(uuidText, b, err)
	case markDigest:
		b, err := x.take(sha256.Size)
		return textOf(base64Text, b, err)
	case markTime:
		b, err := x.take(4)
		return textOf(timeText, b, err)
	case markDate:
		b, err := x.take(2)
		return textOf(dateText, b, err)
	case markInteger:
		return x.integer()
	case markDIDKey:
		return x.didKey()
	case markHash:
		i, err := x.back(len(x.ends))
		if err != nil {
			return "", err
		}
		return x.ends.hash(i), nil
	}
	return "", malformed("marker %#x where none may stand", mark)
}

func textOf(write func([]byte) string, b []byte, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return write(b), nil
}

func (x *expander) jws(depth int) (string, error) {
	if depth > maxDepth {
		return "", malformed("JWS nested deeper than %d", maxDepth)
	}
	header, err := x.run(depth)
	if err != nil {
		return "", err
	}
	payload, err := x.run(depth)
	if err != nil {
		return "", err
	}
	signature, err := x.counted(MaxToken)
	if err != nil {
		return "", err
	}
	if depth > 1 {
		if err := x.census.count(headerType(header)); err != nil {
			return "", err
		}
	}
	token := base64Text(header) + "." + base64Text(payload) + "." + base64Text(signature)
	if len(token) > MaxToken {
		return "", tooLarge("a JWS over %d bytes", MaxToken)
	}
	x.ends.add(token)
	return token, nil
}

func (x *expander) integer() (string, error) {
	b, err := x.take(4)
	if err != nil {
		return "", err
	}
	s := integerText(b)
	if len(s) != integerLen {
		return "", malformed("integer %s has not ten digits", s)
	}
	return s, nil
}

func (x *expander) didKey() (string, error) {
	if len(x.raw) > 0 && x.raw[0] != 0 {
		i, err := x.back(len(x.keys))
		if err != nil {
			return "", err
		}
		x.keys = append(x.keys, x.keys[i])
		return x.keys[i], nil
	}
	if _, err := x.take(1); err != nil {
		return "", err
	}
	multicodec, err := x.counted(maxDIDKey)
	if err != nil {
		return "", err
	}
	if len(multicodec) == 0 {
		return "", malformed("an empty did:key")
	}
	did := didKeyPrefix + base58Text(multicodec)
	x.keys = append(x.keys, did)
	return did, nil
}

// back reads k and gives the index of the k-th last of count, the newest being 1.
func (x *expander) back(count int) (int, error) {
	k, n, ok := minimalUvarint(x.raw)
	if !ok || k == 0 || k > uint64(count) {
		return 0, malformed("a reference to what is not there")
	}
	x.raw = x.raw[n:]
	return count - int(k), nil
}

func (x *expander) counted(limit uint64) ([]byte, error) {
	length, n, ok := minimalUvarint(x.raw)
	if !ok || length > limit {
		return nil, malformed("length of a value")
	}
	x.raw = x.raw[n:]
	return x.take(int(length))
}

func (x *expander) take(n int) ([]byte, error) {
	if len(x.raw) < n {
		return nil, malformed("raw ends before its value")
	}
	b := x.raw[:n:n]
	x.raw = x.raw[n:]
	return b, nil
}

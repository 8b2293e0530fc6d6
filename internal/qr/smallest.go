package qr

func packSmallest(tokens []string, dict Dictionary) []byte {
	return pack(mark(tokens, nil), dict)
}

package qr

// Markers are bytes that neither ASCII nor UTF-8 ever has. Each stands in the
// text for a value whose bytes stand in raw, in the order of the markers.
const (
	markJWS     = 0xFF // FF header FE payload FE; raw: uvarint length, signature
	markEnd     = 0xFE
	markUUID    = 0xFD // raw: 16 bytes
	markDigest  = 0xFC // 43 characters of base64url; raw: 32 bytes
	markTime    = 0xFB // raw: 4 bytes, seconds since 2020-01-01
	markDate    = 0xFA // raw: 2 bytes, days since 1900-01-01
	markDIDKey  = 0xF9 // raw: uvarint 0, length, multicodec bytes; or uvarint k
	markToken   = 0xF8 // between tokens
	markHash    = 0xF7 // hash of the k-th token before; raw: uvarint k
	markInteger = 0xF6 // ten digits; raw: 4 bytes
	markFirst   = 0xF5 // reserved; text bytes are below it
)

// formatVersion is the first byte of every frame.
const formatVersion = 1

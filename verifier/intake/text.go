package intake

import (
	"bytes"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
)

// Plain takes off what editors and mail programs put around a text: a UTF-8
// byte order mark, and space and line ends at both ends. UTF-16 has another
// byte for every letter and is refused by its name.
func Plain(name string, data []byte) ([]byte, *Problem) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) ||
		bytes.HasPrefix(data, []byte{'e', 0, 'y', 0}) || bytes.HasPrefix(data, []byte{0, 'e', 0, 'y'}) {
		return nil, problem("text_utf16", "file", name)
	}
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return bytes.TrimSpace(rest), nil
	}
	return data, nil
}

// Text takes a text apart: tokens and texts of codes, separated by space, or the
// JSON that our own commands print. Inside a token nothing is mended, unless it
// was pasted.
func (s Source) Text(data []byte) (Taken, *Problem) {
	if IsGzip(data) {
		return Taken{}, problem("verify_is_bundle", "file", s.Name)
	}
	if tokens := TokensInJSON(data); len(tokens) > 0 {
		return Taken{Tokens: tokens}, nil
	}
	fields := strings.Fields(string(data))
	if s.Pasted {
		fields = mended(fields)
	}
	if p := s.refused(fields); p != nil {
		return Taken{}, p
	}
	var texts, tokens []string
	for _, field := range fields {
		switch {
		case IsCode(field):
			texts = append(texts, field)
		case IsToken(field):
			tokens = append(tokens, field)
		default:
			return Taken{}, problem("verify_unreadable", "file", s.Name)
		}
	}
	if len(texts) > 0 {
		taken, problem := s.Codes(texts)
		if problem != nil {
			return Taken{}, problem
		}
		taken.Tokens = append(tokens, taken.Tokens...)
		return taken, nil
	}
	if problem := s.notCredential(tokens); problem != nil {
		return Taken{}, problem
	}
	if s.Folder && !slices.ContainsFunc(tokens, func(t string) bool { return !IsStatusList(t) }) {
		return Taken{}, problem("verify_is_list", "file", s.Name)
	}
	return Taken{Tokens: tokens}, nil
}

// refused tells a text that is none of ours as a whole, by what it is instead.
func (s Source) refused(fields []string) *Problem {
	switch {
	case len(fields) == 0 && s.Name == "-":
		return problem("verify_nothing")
	case len(fields) == 0:
		return problem("verify_empty_file", "file", s.Name)
	case len(fields) == 1 && IsShortCode(fields[0]):
		p := problem("short_code", "code", fields[0]) // only its issuer knows what it stands for
		p.Unknown = true
		return p
	case len(fields) == 1 && KindOf(fields[0]) == KindOffer:
		return problem("verify_is_offer") // its secret is not repeated
	case fields[0] == "age-encryption.org/v1": // how a wallet's backup begins (sealed.Seal)
		return problem("qr_backup", "file", s.Name)
	case s.Page && len(fields) == 1 && isCut(fields[0]):
		p := problem("text_cut")
		p.Unknown = true // the rest may be good
		return p
	case isBroken(fields):
		return problem("text_broken", "file", s.Name)
	}
	return nil
}

// TokensInJSON takes what "issue --json", "qr decode --json" and "wallet present
// --json" print: every token that such an object holds, so that none hides
// behind another. Names keep their case.
func TokensInJSON(data []byte) []string {
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return nil
	}
	var printed struct {
		Token  string   `json:"token"`
		Tokens []string `json:"tokens"`
	}
	if strictjson.Unmarshal(data, &printed) != nil {
		return nil
	}
	all := printed.Tokens
	if printed.Token != "" {
		all = append([]string{printed.Token}, all...)
	}
	if !slices.ContainsFunc(all, IsToken) {
		return nil
	}
	return all
}

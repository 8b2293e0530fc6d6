package xlsx

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// dateFormat gives the form in which cells of a number format are read, and
// whether that is another one than the workbook's: years first, and only what
// the format shows. A time alone, or a day without a year, stays what it is.
func dateFormat(id, code string) (string, bool) {
	if code == "" {
		code = builtInDates[id]
	}
	day, month, year := shows(code)
	switch {
	case year && month && day:
		return "yyyy-mm-dd", true
	case year && month:
		return "yyyy-mm", true
	case year && !day:
		return "yyyy", true
	}
	return code, false
}

// builtInDates are the formats of ECMA-376 part 1, 18.8.30 that show a date;
// those from 27 on are of East Asian languages.
var builtInDates = map[string]string{
	"14": "d/m/yyyy", "15": "d-mmm-yy", "17": "mmm-yy", "22": "d/m/yyyy h:mm",
	"27": "yyyy m", "28": "m d", "29": "m d", "30": "m-d-yy", "31": "yyyy m d", "36": "yyyy m",
	"50": "yyyy m", "51": "m d", "52": "yyyy m", "53": "m d", "54": "m d", "55": "yyyy m", "56": "m d", "57": "yyyy m", "58": "m d",
}

// shows tells what a format's first section shows of a date. Three letters and
// more for a day are the weekday; an m beside hours or seconds is minutes.
func shows(code string) (day, month, year bool) {
	clock := false
	for i := 0; i < len(code); {
		b := code[i] | 0x20
		switch code[i] {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return day, month, year
			}
			i += end + 2
			continue
		case '\\', '_', '*':
			i += 2
			continue
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return day, month, year
			}
			inside := strings.ToLower(code[i+1 : i+end])
			clock = clock || inside != "" && strings.Trim(inside, "hms") == ""
			i += end + 1
			continue
		case ';':
			return day, month, year
		}
		n := 1
		for i+n < len(code) && code[i+n]|0x20 == b {
			n++
		}
		switch b {
		case 'y', 'e' | 0x20:
			year = year || b == 'y'
		case 'd':
			day = day || n <= 2
		case 'h', 's':
			clock = true
		case 'm':
			month = month || n >= 3 || !clock && !secondsFollow(code[i+n:])
		case 'g': // "General"
			if strings.HasPrefix(strings.ToLower(code[i:]), "general") {
				return false, false, false
			}
		}
		i += n
	}
	return day, month, year
}

// secondsFollow tells that the next letter is of seconds, so that an m before
// it is minutes.
func secondsFollow(rest string) bool {
	for i := range len(rest) {
		switch c := rest[i] | 0x20; {
		case c == 's':
			return true
		case c >= 'a' && c <= 'z', c == '"':
			return false
		}
	}
	return false
}

// builtIn is the number of a format that excelize knows by itself.
func builtIn(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil || n < 0 || n > 163 {
		return 0
	}
	return n
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

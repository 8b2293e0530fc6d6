package schema

import (
	"math"
	"strconv"
	"time"
)

// parseWireTime reads the one form that our documents use, YYYY-MM-DDTHH:MM:SSZ.
func parseWireTime(s string) (time.Time, bool) {
	if len(s) != len(wireTime) || s[0] == '0' || s[19] != 'Z' {
		return time.Time{}, false
	}
	return parseInstant(s)
}

// parseInstant reads a dateTimeStamp of XML Schema 1.1 (VCDM 2.0 section 4.9):
// upper-case T and Z, a zone always, seconds up to 59, offsets up to 14 hours.
// RFC 3339 readers differ on the rest (leap seconds, lower case, a comma
// before the fraction, 24:00), so none of it passes here.
func parseInstant(s string) (time.Time, bool) {
	if len(s) < 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	year, ok1 := digits(s[0:4])
	month, ok2 := digits(s[5:7])
	day, ok3 := digits(s[8:10])
	hour, ok4 := digits(s[11:13])
	minute, ok5 := digits(s[14:16])
	second, ok6 := digits(s[17:19])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || month < 1 || month > 12 || day < 1 || year < 1 ||
		hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	nanos, rest, ok := fraction(s[19:])
	if !ok {
		return time.Time{}, false
	}
	offset, ok := zone(rest)
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if !ok || t.Day() != day { // the 30th of February moves on to March
		return time.Time{}, false
	}
	return t.Add(-offset), true
}

func digits(s string) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// fraction reads .fff before the zone; what is finer than a nanosecond is cut.
func fraction(s string) (nanos int, rest string, ok bool) {
	if s[0] != '.' {
		return 0, s, true
	}
	i, scale := 1, 100_000_000
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		nanos += int(s[i]-'0') * scale
		scale /= 10
	}
	return nanos, s[i:], i > 1 && i < len(s)
}

func zone(s string) (time.Duration, bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok1 := digits(s[1:3])
	minute, ok2 := digits(s[4:6])
	if !ok1 || !ok2 || minute > 59 || hour > 14 || hour == 14 && minute > 0 {
		return 0, false
	}
	offset := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// maxNumericDate is the last second of the year 9999.
const maxNumericDate = 253402300799

// numericDate reads a NumericDate of RFC 7519: seconds since 1970. Fractions
// and times that no calendar shows are refused.
func numericDate(v value) (time.Time, bool) {
	if v.kind() != isNumber {
		return time.Time{}, false
	}
	f, err := strconv.ParseFloat(v.text(), 64)
	if err != nil || f < 0 || f > maxNumericDate || f != math.Trunc(f) {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0).UTC(), true
}

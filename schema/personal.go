package schema

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	fiscalCode = regexp.MustCompile(`^[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$`) // Italy
	dni        = regexp.MustCompile(`^[XYZ]?[0-9]{7,8}[A-Z]$`)                                             // Spain, DNI and NIE
	eleven     = regexp.MustCompile(`^[0-9]{11}$`)                                                         // Poland PESEL, Greece AMKA
)

var (
	gaps      = strings.NewReplacer(" ", "", "-", "", ".", "")
	nieLetter = strings.NewReplacer("X", "0", "Y", "1", "Z", "2")
)

// IsPersonalNumber recognises the identity numbers of the countries that we serve by
// form and check character, so that a column that holds them by mistake is
// found and an ordinary document number is not.
func IsPersonalNumber(v string) bool {
	v = strings.ToUpper(gaps.Replace(v))
	switch {
	case fiscalCode.MatchString(v):
		return true
	case dni.MatchString(v):
		digits := nieLetter.Replace(v[:1]) + v[1:len(v)-1]
		n, err := strconv.Atoi(digits)
		return err == nil && len(digits) == 8 && "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == v[len(v)-1]
	case eleven.MatchString(v):
		return pesel(v) || amka(v)
	}
	return false
}

// pesel checks the weights 1 3 7 9 and a month with the century in it.
func pesel(v string) bool {
	sum := 0
	for i := range 11 {
		sum += int(v[i]-'0') * []int{1, 3, 7, 9}[i%4]
	}
	month, _ := strconv.Atoi(v[2:4])
	day, _ := strconv.Atoi(v[4:6])
	// Nobody born from 2013 on learns here yet, and "2026…" would be of 2020.
	born := month >= 1 && month <= 12 || month >= 21 && month <= 32 && v[:2] <= "12"
	return (sum-int(v[10]-'0')*7+int(v[10]-'0'))%10 == 0 && born && day >= 1 && day <= 31
}

// amka checks a birth date DDMMYY and the Luhn digit.
func amka(v string) bool {
	sum := 0
	for i := range 11 {
		d := int(v[10-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	day, _ := strconv.Atoi(v[:2])
	month, _ := strconv.Atoi(v[2:4])
	return sum%10 == 0 && day >= 1 && day <= 31 && month >= 1 && month <= 12
}

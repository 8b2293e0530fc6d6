package i18n

import "syscall/js"

// browser reads what the page has loaded before it asked: the sentences are no
// part of the program, so that a phone loads the languages that it speaks. The
// page puts the texts of Pack, by their names, into passportWords.
var browser = packed{read: func(name string) string {
	text := js.Global().Get("passportWords").Get(name)
	if text.Type() != js.TypeString {
		return "" // a language that is not spoken
	}
	return text.String()
}}

func find(lang, key string) (sentence string, ok bool)     { return browser.find(lang, key) }
func standing(lang, key string) (area string, speaks bool) { return browser.standing(lang, key) }

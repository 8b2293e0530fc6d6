package i18n

import (
	"slices"
	"strings"
)

// Languages in the order in which they are offered: every area speaks them.
var Languages = []string{"it", "en", "es", "el", "pl"}

// Optional languages are spoken by the areas of BrowserAreas, which whoever
// shows or checks a credential reads, and by single others.
var Optional = []string{"fr", "sl", "ro", "sq", "ar", "uk"}

// EngineAreas are the areas whose sentences the verifier and the wallet say in a
// browser: the only ones that are part of what it loads as a program.
var EngineAreas = []string{"verdict", "content", "composite", "operator", "meaning", "reading", "rules", "engine", "walletcore"}

// BrowserAreas are all that the pages for employers and jobseekers need: each
// speaks all of Languages and all of Optional. Those that are not the engine's
// stand in the pages themselves.
var BrowserAreas = append(EngineAreas[:len(EngineAreas):len(EngineAreas)], "verifypage", "walletpage", "pagekit", "claim")

// fallback is the language of a locale that we do not speak.
const fallback = "en"

// Speaks tells whether lang can be asked for: one of the five, or one that some
// areas speak.
func Speaks(lang string) bool {
	return slices.Contains(Languages, lang) || slices.Contains(Optional, lang)
}

// Dir is the direction in which lang is written, as HTML names it: rtl or ltr.
func Dir(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// Match returns the supported language nearest to tag, a BCP 47 tag or a POSIX
// locale such as it_IT.UTF-8; else en. An optional language must be asked for
// by its bare name: a French locale reads one English better than two halves.
func Match(tag string) string {
	if Speaks(tag) {
		return tag
	}
	return Main(tag)
}

// Main is Match among the five languages that every area speaks: for papers and
// letters, which have no letters for the others.
func Main(tag string) string {
	if lang := primary(tag); slices.Contains(Languages, lang) {
		return lang
	}
	return fallback
}

// MatchBrowser is Match for the pages that speak all languages: fr-CH is fr.
func MatchBrowser(tag string) string {
	if lang := primary(tag); Speaks(lang) {
		return lang
	}
	return fallback
}

// primary is the language of a tag or locale, without country and encoding.
func primary(tag string) string {
	tag = strings.ToLower(tag)
	if i := strings.IndexAny(tag, "-_.@"); i >= 0 {
		tag = tag[:i]
	}
	return tag
}

package main

import (
	"reflect"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// configField is one single value of the configuration.
type configField struct {
	Name  string // as in the file, with dots: limits.wait
	value reflect.Value
}

// fieldsOf are the values of c that the environment may set, in the order of
// the file. What is a list of groups can be set in the file only.
func fieldsOf(c *config) []configField { return leaves("", reflect.ValueOf(c).Elem()) }

func leaves(prefix string, v reflect.Value) []configField {
	var all []configField
	for i := range v.NumField() {
		name := prefix + v.Type().Field(i).Tag.Get("yaml")
		switch f := v.Field(i); {
		case f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[utcDay]():
			all = append(all, leaves(name+".", f)...)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
		default:
			all = append(all, configField{name, f})
		}
	}
	return all
}

// envName is the variable of a field: limits.bodyBytes is
// PASSPORT_LIMITS_BODY_BYTES.
func envName(field string) string {
	var b strings.Builder
	b.WriteString("PASSPORT_")
	last := ' '
	for _, r := range field {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte('_')
		}
		if last = r; r == '.' {
			r = '_'
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// readEnvironment sets what the environment names; an empty variable is as good
// as none.
func readEnvironment(c *config, getenv func(string) string) []configFault {
	var faults []configFault
	for _, f := range fieldsOf(c) {
		text := getenv(envName(f.Name))
		if text == "" {
			continue
		}
		if err := f.set(text); err != nil {
			faults = append(faults, fault("environment", "field", envName(f.Name)))
		}
	}
	return faults
}

// set reads a value as the file would; a list has commas between its parts.
func (f configField) set(text string) error {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: text}
	switch f.value.Kind() {
	case reflect.String:
		node.Tag = "!!str"
	case reflect.Slice:
		node = &yaml.Node{Kind: yaml.SequenceNode}
		for part := range strings.SplitSeq(text, ",") {
			node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.TrimSpace(part)})
		}
	}
	return node.Decode(f.value.Addr().Interface())
}

// Package jsonschema judges documents by JSON Schemas of others and of ours.
// It opens no file and no connection: every schema comes from the caller.
package jsonschema

package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

// Form reads the form in the body, which holds no files. What stands in the query
// is no part of it.
func (r *Request) Form() (url.Values, error) {
	if err := r.Request().ParseForm(); err != nil {
		return nil, BadForm(err)
	}
	return r.Request().PostForm, nil
}

// BadForm is the error for a form that could not be read.
func BadForm(err error) error {
	if AsError(err).Status == http.StatusRequestEntityTooLarge {
		return err
	}
	return BadRequest("")
}

// ReadJSON reads the body into v, which points to a struct. It refuses what v
// has no place for, and a body without a field that has no omitempty.
func (r *Request) ReadJSON(v any) error {
	_, err := r.RawJSON(v)
	return err
}

// RawJSON is ReadJSON that also returns the body.
func (r *Request) RawJSON(v any) ([]byte, error) {
	if t, _, err := mime.ParseMediaType(r.Request().Header.Get("Content-Type")); err != nil || t != "application/json" {
		return nil, &Error{Status: http.StatusUnsupportedMediaType, Detail: "Send JSON with Content-Type: application/json."}
	}
	body, err := io.ReadAll(r.Request().Body)
	if err != nil {
		if AsError(err).Status == http.StatusRequestEntityTooLarge {
			return nil, err
		}
		return nil, BadRequest("The body could not be read.")
	}
	fields := fieldsOf(reflect.TypeOf(v).Elem())
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return nil, BadRequest("The body is not what this call takes: " + jsonError(err, fields) + " See /api/v1/openapi.json.")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, BadRequest("The body holds more than one JSON value.")
	}
	if name := missing(body, fields); name != "" {
		return nil, BadRequest("The body is not what this call takes: " + name + " is missing. See /api/v1/openapi.json.")
	}
	return body, nil
}

// fieldsOf are the names of an order's fields, with whether they must be there:
// as in the API's description, those without omitempty must.
func fieldsOf(t reflect.Type) map[string]bool {
	fields := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = !strings.Contains(options, "omitempty")
		}
	}
	return fields
}

// missing names a field that must be there and is not, "" for none.
func missing(body []byte, fields map[string]bool) string {
	var given map[string]json.RawMessage
	if json.Unmarshal(body, &given) != nil || given == nil {
		return "the object"
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if value, ok := given[name]; fields[name] && (!ok || string(value) == "null") {
			return name
		}
	}
	return ""
}

// jsonError says what is wrong with JSON without repeating its values.
func jsonError(err error, fields map[string]bool) string {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		name := wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:]
		return cmp.Or(name, "it") + " is " + article(wrong.Value) + ", not " + kind(wrong.Type) + "."
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it is no JSON."
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok && len(name) < 60 {
		if near := problem.Nearest(strings.Trim(name, `"`), slices.Sorted(maps.Keys(fields))); near != "" {
			return "there is no field " + name + "; did you mean " + near + "?"
		}
		return "there is no field " + name + "."
	}
	return "it does not fit."
}

// article puts "a" or "an" before what JSON calls its values.
func article(value string) string {
	value, _, _ = strings.Cut(value, " ") // "number 1.5"
	if strings.ContainsAny(value[:1], "aeiou") {
		return "an " + value
	}
	return "a " + value
}

// kind is a type as JSON calls it.
func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Map, reflect.Struct:
		return "an object"
	}
	return "a whole number"
}

// CheckChoice refuses a language that the site does not have, and a platform
// that nobody knows. Either may be "".
func (r *Request) CheckChoice(lang, platform string) error {
	if lang != "" && !r.Page.Knows(lang) {
		return BadRequest("lang is none of this site's languages: " + strings.Join(r.Page.Snap.Languages(), ", ") + ".")
	}
	if platform != "" && !slices.Contains(markdown.Platforms(), platform) {
		return BadRequest("platform is one of " + strings.Join(markdown.Platforms(), ", ") + ".")
	}
	return nil
}

// FirstRunes are the first n characters of what somebody typed.
func FirstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), n)])
}

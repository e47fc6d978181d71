package exchange

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"signpost/internal/content/markdown"
)

// ReadJSON reads the body into v, and refuses what v has no place for.
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
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return nil, BadRequest("The body is not what this call takes: " + jsonError(err))
	}
	if d.More() {
		return nil, BadRequest("The body holds more than one JSON value.")
	}
	return body, nil
}

// jsonError says what is wrong with JSON without repeating its values.
func jsonError(err error) string {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		return wrong.Field + " is a " + wrong.Value + "; see /api/v1/openapi.json."
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it is no JSON."
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok && len(name) < 60 {
		return "there is no field " + name + "; see /api/v1/openapi.json."
	}
	return "see /api/v1/openapi.json."
}

// CheckChoice refuses a language that the site does not have, and a platform
// that nobody knows. Either may be "".
func (r *Request) CheckChoice(lang, platform string) error {
	if lang != "" && !r.Knows(lang) {
		return BadRequest("lang is none of this site's languages: " + strings.Join(r.Snap.Languages(), ", ") + ".")
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

// Package openapi describes an HTTP API as an OpenAPI 3.1 document
// (https://spec.openapis.org/oas/v3.1.0), made from Go types and a table of
// operations.
//
// [Write] returns the document. Every struct type becomes a schema of the
// components, with the descriptions of its jsonschema tags; a field without
// omitempty is required. Errors are RFC 9457 problem details everywhere.
package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/invopop/jsonschema"
)

// An Operation is one call. In and Out are values of the types that are read
// and written as JSON; nil: none.
type Operation struct {
	Method  string
	Path    string // "/api/v1/articles/:id"
	ID      string // unique: "getArticle"
	Tag     string
	Summary string
	Scope   string // what a caller must be allowed; "" is public
	Params  []Param
	In, Out any
	Status  int   // of success; 0 is 200
	Errors  []int // beside those that every call may have
}

// A Param is a parameter. Those of the path need none.
type Param struct {
	Name, In, Type, Text string   // In is "query" or "header", Type "string", "integer" or "boolean"
	Enum                 []string // nil: any value
}

// Info heads the document.
type Info struct {
	Title, Version, Text, Session string // Session is the name of the session's cookie
	Problem                       any    // value of the type of errors
}

// A node is a JSON object. The document's shape is that of the specification,
// and most of it comes from the schema writer as JSON.
type node = map[string]any

var pathParam = regexp.MustCompile(`:([a-z]+)`)

// Path writes a route of the server as OpenAPI does.
func Path(route string) string { return pathParam.ReplaceAllString(route, "{$1}") }

// Write returns the document.
func Write(info Info, operations []Operation) ([]byte, error) {
	w := writer{schemas: node{}, types: map[string]reflect.Type{}}
	problem, err := w.schema(info.Problem)
	if err != nil {
		return nil, err
	}
	paths := node{}
	for _, op := range operations {
		o, err := w.operation(op)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", op.Method, op.Path, err)
		}
		item, ok := paths[Path(op.Path)].(node)
		if !ok {
			item = node{}
			paths[Path(op.Path)] = item
		}
		item[strings.ToLower(op.Method)] = o
	}
	return json.MarshalIndent(node{
		"openapi": "3.1.0",
		"info":    node{"title": info.Title, "version": info.Version, "description": info.Text},
		"servers": []any{node{"url": "/"}},
		"paths":   paths,
		"components": node{
			"schemas": w.schemas,
			"responses": node{"Problem": node{
				"description": "What went wrong (RFC 9457)", "content": node{"application/problem+json": node{"schema": problem}},
			}},
			"securitySchemes": node{
				"token":   node{"type": "http", "scheme": "bearer", "description": "An API token: signpost token add NAME"},
				"session": node{"type": "apiKey", "in": "cookie", "name": info.Session, "description": "A signed-in agent. A POST carries X-CSRF-Token."},
			},
		},
	}, "", " ")
}

type writer struct {
	schemas node
	types   map[string]reflect.Type // by name of the schema
}

func (w *writer) operation(op Operation) (node, error) {
	status := op.Status
	if status == 0 {
		status = http.StatusOK
	}
	success := node{"description": http.StatusText(status)}
	if op.Out != nil {
		schema, err := w.schema(op.Out)
		if err != nil {
			return nil, err
		}
		success["content"] = node{"application/json": node{"schema": schema}}
	}
	responses := node{strconv.Itoa(status): success}
	failures := append([]int{http.StatusBadRequest, http.StatusTooManyRequests}, op.Errors...)
	o := node{"operationId": op.ID, "summary": op.Summary, "tags": []string{op.Tag}, "responses": responses, "security": []any{}}
	if op.Scope != "" {
		o["security"] = []any{node{"token": []string{op.Scope}}, node{"session": []string{}}}
		failures = append(failures, http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable)
	}
	if op.In != nil {
		schema, err := w.schema(op.In)
		if err != nil {
			return nil, err
		}
		o["requestBody"] = node{"required": true, "content": node{"application/json": node{"schema": schema}}}
		failures = append(failures, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	for _, code := range failures {
		responses[strconv.Itoa(code)] = node{"$ref": "#/components/responses/Problem"}
	}
	var params []any
	for _, m := range pathParam.FindAllStringSubmatch(op.Path, -1) {
		params = append(params, node{"name": m[1], "in": "path", "required": true, "schema": node{"type": "string"}})
	}
	for _, p := range op.Params {
		schema := node{"type": p.Type}
		if p.Enum != nil {
			schema["enum"] = p.Enum
		}
		params = append(params, node{"name": p.Name, "in": p.In, "description": p.Text, "schema": schema})
	}
	if params != nil {
		o["parameters"] = params
	}
	return o, nil
}

// schema returns a reference to the schema of a value's type, which becomes
// one of the components.
func (w *writer) schema(v any) (any, error) {
	var clash error
	r := jsonschema.Reflector{Anonymous: true, Namer: func(t reflect.Type) string {
		name := typeName(t)
		if name == "" { // a list
			return ""
		}
		if other, taken := w.types[name]; taken && other != t {
			clash = fmt.Errorf("%s and %s have the same name", t, other)
		}
		w.types[name] = t
		return name
	}}
	raw, err := json.Marshal(r.ReflectFromType(reflect.TypeOf(v)))
	if err != nil || clash != nil {
		return nil, fmt.Errorf("the schema of %T: %w", v, errors.Join(clash, err))
	}
	var s node
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(raw), `"#/$defs/`, `"#/components/schemas/`)), &s); err != nil {
		return nil, err
	}
	delete(s, "$schema")
	if defs, ok := s["$defs"].(node); ok {
		for name, def := range defs {
			w.schemas[name] = def
		}
		delete(s, "$defs")
	}
	return s, nil
}

// typeName is a type's name as a schema: "searchValue" is "Search".
func typeName(t reflect.Type) string {
	name := []rune(strings.TrimSuffix(t.Name(), "Value"))
	if len(name) == 0 {
		return ""
	}
	name[0] = unicode.ToUpper(name[0])
	return string(name)
}

package view

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html/template"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"signpost/internal/locale"
	"signpost/web"
)

func texts(t testing.TB) *locale.Catalogues {
	t.Helper()
	c, err := locale.Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func renderer(t testing.TB) *Renderer {
	t.Helper()
	r, err := New(Config{Templates: web.Templates(), Texts: texts(t), Asset: web.Asset})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pages is every page there is, empty.
func pages() []Page {
	return []Page{
		&Home{}, &Topic{}, &Article{}, &Search{}, &Contact{}, &ErrorPage{}, &Message{}, &VoteReason{}, &Widget{}, &Style{}, &Subscribe{},
		&StatusBoard{}, &StatusPost{}, &StatusHistory{},
		&Setup{}, &SetupResult{}, &SetupGuide{}, &SetupExplain{}, &SetupDomain{}, &SetupProfile{},
		&AgentSignIn{}, &AgentDesk{}, &AgentSearch{}, &AgentArticle{}, &AgentReport{}, &AgentStatus{}, &AgentProblems{},
	}
}

// set is the English templates of a renderer.
func set(r *Renderer) *template.Template {
	s, err := r.set(r.texts.For("en"))
	if err != nil {
		panic(err)
	}
	return s
}

// TestTemplatesFitTheirPages walks the parse tree of every page's template and
// of all that it includes, with the types of the page's struct.
func TestTemplatesFitTheirPages(t *testing.T) {
	c := &checker{
		set: set(renderer(t)), texts: texts(t), funcs: functions(texts(t).For("en"), web.Asset),
		seen: map[string]bool{}, keys: map[string]bool{}, used: map[string]bool{},
	}
	for _, p := range pages() {
		name, _ := p.page()
		c.template(name, reflect.TypeOf(p))
	}
	for _, problem := range c.problems {
		t.Error(problem)
	}
	for _, tmpl := range c.set.Templates() {
		if tmpl.Tree != nil && !c.used[tmpl.Name()] && !strings.HasSuffix(tmpl.Name(), ".html") && tmpl.Name() != "en" {
			t.Errorf("template %q is used by no page", tmpl.Name())
		}
	}
	checkUnusedKeys(t, c)
}

// forServer lists keys, or prefixes of keys, that the server looks up by a
// name that is made at run time.
var forServer = []string{"vote.reason.", "setup.error.no-at", "signin.wrong"}

func checkUnusedKeys(t *testing.T, c *checker) {
	literals := goLiterals(t)
	for _, key := range c.texts.Keys() {
		used := c.keys[key] || slices.ContainsFunc(forServer, func(p string) bool { return strings.HasPrefix(key, p) })
		for l := range literals {
			used = used || l == key || strings.HasSuffix(l, ".") && len(l) > 2 && strings.HasPrefix(key, l)
		}
		for k := range c.keys {
			used = used || strings.HasSuffix(k, ".") && strings.HasPrefix(key, k)
		}
		if !used {
			t.Errorf("the text %q is used nowhere", key)
		}
	}
}

// goLiterals returns the string literals of the product's Go files.
func goLiterals(t *testing.T) map[string]bool {
	out := map[string]bool{}
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return nil // somebody is in the middle of an edit
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, err := strconv.Unquote(l.Value); err == nil {
						out[s] = true
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestCatalogues(t *testing.T) {
	for _, problem := range texts(t).Check() {
		t.Error(problem)
	}
}

// checker knows the type of every expression of the templates.
type checker struct {
	set      *template.Template
	texts    *locale.Catalogues
	funcs    template.FuncMap
	seen     map[string]bool // template and type
	used     map[string]bool // templates
	keys     map[string]bool // of the catalogues; "level." for all that begin so
	problems []string
}

// scope is a template with the types of dot and of its variables.
type scope struct {
	name string
	dot  reflect.Type
	vars map[string]reflect.Type
}

var (
	anyType    = reflect.TypeFor[any]()
	stringType = reflect.TypeFor[string]()
	boolType   = reflect.TypeFor[bool]()
	intType    = reflect.TypeFor[int]()
)

func (c *checker) fail(s scope, n parse.Node, format string, args ...any) {
	location, _ := c.set.Lookup(s.name).Tree.ErrorContext(n)
	c.problems = append(c.problems, fmt.Sprintf("%s (%s): %s: %s", location, s.dot, n, fmt.Sprintf(format, args...)))
}

func (c *checker) template(name string, dot reflect.Type) {
	c.used[name] = true
	if k := name + " " + dot.String(); c.seen[k] {
		return
	} else {
		c.seen[k] = true
	}
	t := c.set.Lookup(name)
	if t == nil || t.Tree == nil {
		c.problems = append(c.problems, fmt.Sprintf("there is no template %q", name))
		return
	}
	c.list(scope{name, dot, map[string]reflect.Type{"$": dot}}, t.Tree.Root)
}

func (c *checker) list(s scope, l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			c.pipe(s, n.Pipe)
		case *parse.IfNode:
			c.pipe(s, n.Pipe)
			c.list(s, n.List)
			c.list(s, n.ElseList)
		case *parse.WithNode:
			inner := s
			inner.dot = c.pipe(s, n.Pipe)
			c.list(inner, n.List)
			c.list(s, n.ElseList)
		case *parse.RangeNode:
			over := c.pipe(s, n.Pipe)
			inner := s
			if over.Kind() == reflect.Slice {
				inner.dot = over.Elem()
			} else {
				c.fail(s, n.Pipe, "range over %s", over)
			}
			c.list(inner, n.List)
			c.list(s, n.ElseList)
		case *parse.TemplateNode:
			dot := stringType
			if n.Pipe != nil {
				dot = c.pipe(s, n.Pipe)
			}
			c.template(n.Name, dot)
		}
	}
}

func (c *checker) pipe(s scope, p *parse.PipeNode) reflect.Type {
	var out reflect.Type
	for i, cmd := range p.Cmds {
		if i > 0 && strings.HasPrefix(cmd.String(), "_html_template_") { // added by the escaper
			continue
		}
		if i > 0 {
			c.fail(s, p, "chained commands are not checked; use parentheses")
		}
		out = c.command(s, cmd)
	}
	for _, v := range p.Decl {
		s.vars[v.Ident[0]] = out
	}
	return out
}

func (c *checker) command(s scope, cmd *parse.CommandNode) reflect.Type {
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok {
		if len(cmd.Args) > 1 {
			c.fail(s, cmd, "a method with arguments")
		}
		return c.value(s, cmd.Args[0])
	}
	args := make([]reflect.Type, 0, len(cmd.Args))
	for _, a := range cmd.Args[1:] {
		args = append(args, c.value(s, a))
	}
	switch id.Ident {
	case "t":
		c.key(s, cmd, args)
		return stringType
	case "args":
		return c.pairs(s, cmd, args)
	case "print":
		return stringType
	case "len":
		return intType
	case "eq", "ne", "gt", "ge", "lt", "not", "or", "and":
		return boolType
	}
	f := reflect.TypeOf(c.funcs[id.Ident])
	if f.NumIn() != len(args) {
		c.fail(s, cmd, "wants %d arguments", f.NumIn())
		return f.Out(0)
	}
	for i, a := range args {
		if !a.AssignableTo(f.In(i)) {
			c.fail(s, cmd, "argument %d is %s, not %s", i+1, a, f.In(i))
		}
	}
	return f.Out(0)
}

func (c *checker) value(s scope, n parse.Node) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return c.fields(s, n, s.dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(s, n, s.vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(s, n, c.value(s, n.Node), n.Field)
	case *parse.PipeNode:
		return c.pipe(s, n)
	case *parse.StringNode:
		return stringType
	case *parse.NumberNode:
		return intType
	case *parse.IdentifierNode:
		return reflect.TypeOf(c.funcs[n.Ident]).Out(0)
	}
	c.fail(s, n, "cannot be checked")
	return anyType
}

func (c *checker) fields(s scope, n parse.Node, t reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if m, ok := t.MethodByName(name); ok {
			t = m.Type.Out(0)
			continue
		}
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			c.fail(s, n, "%s has no fields", t)
			return anyType
		}
		f, ok := t.FieldByName(name)
		if !ok {
			c.fail(s, n, "%s has no field %s", t, name)
			return anyType
		}
		t = f.Type
	}
	return t
}

// pairs makes a struct type of what "args" hands over.
func (c *checker) pairs(s scope, cmd *parse.CommandNode, types []reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for i := 0; i+1 < len(types); i += 2 {
		name, ok := cmd.Args[i+1].(*parse.StringNode)
		if !ok {
			c.fail(s, cmd, "a name that is no literal")
			return anyType
		}
		fields = append(fields, reflect.StructField{Name: name.Text, Type: types[i+1]})
	}
	return reflect.StructOf(fields)
}

// key checks a use of the catalogues: the key exists, with these arguments.
func (c *checker) key(s scope, cmd *parse.CommandNode, types []reflect.Type) {
	switch k := cmd.Args[1].(type) {
	case *parse.StringNode:
		c.keys[k.Text] = true
		want, ok := c.texts.Arguments(k.Text)
		if !ok {
			c.fail(s, cmd, "en.yaml has no such key")
			return
		}
		var have []string
		for i := 2; i+1 < len(cmd.Args); i += 2 {
			if name, ok := cmd.Args[i].(*parse.StringNode); ok {
				have = append(have, name.Text)
			}
			if have[len(have)-1] == "n" && types[i] != intType {
				c.fail(s, cmd, "n must be an int, not %s", types[i])
			}
		}
		slices.Sort(have)
		// The scripts fill these in themselves.
		if !slices.Equal(have, want) && !slices.Contains([]string{"js.hits", "js.time", "date.time", "agent.found"}, k.Text) {
			c.fail(s, cmd, "has the arguments %v, the text wants %v", have, want)
		}
	case *parse.PipeNode: // (print "level." .)
		if args := k.Cmds[0].Args; len(args) == 3 {
			if prefix, ok := args[1].(*parse.StringNode); ok && strings.HasSuffix(prefix.Text, ".") {
				c.keys[prefix.Text] = true
				return
			}
		}
		c.fail(s, cmd, "the key must be a literal or begin with one that ends in a dot")
	default:
		c.fail(s, cmd, "the key must be a literal")
	}
}

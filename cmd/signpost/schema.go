package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/invopop/jsonschema"
	"github.com/spf13/cobra"

	"signpost/internal/content/article"
	"signpost/internal/content/sitefile"
	"signpost/internal/content/status"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// schemas are the files that people write, each with what it is read into.
var schemas = map[string]any{
	"site": sitefile.File{}, "provider": provider.File{}, "article": article.FrontMatter{}, "post": status.FrontMatter{},
	"translation": status.TextFront{},
}

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema NAME",
		Short: "Print the JSON Schema of site.yaml, a provider, or the front matter of an article or post",
		Long: `Prints a JSON Schema (2020-12), made from what the program itself reads, for
editors that check YAML: NAME is site, provider, article, post or translation (the
text of a post in another language).`,
		ValidArgs: slices.Sorted(maps.Keys(schemas)),
		Args:      exactly(1, "a name: site, provider, article, post or translation"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, ok := schemas[args[0]]
			if !ok {
				return usageError{hinted(fmt.Errorf("there is no schema %q", args[0]), problem.DidYouMean(args[0], slices.Collect(maps.Keys(schemas))))}
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(schemaOf(file))
		},
	}
}

// schemaOf describes what yamldoc reads into a struct: its keys are the yaml
// tags, other keys are errors, and a list of one may be written without
// brackets.
func schemaOf(file any) *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	textOrTexts := &jsonschema.Schema{OneOf: []*jsonschema.Schema{text, {Type: "object", AdditionalProperties: text}}}
	own := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[sitefile.Texts]():    textOrTexts,
		reflect.TypeFor[provider.Texts]():    textOrTexts,
		reflect.TypeFor[provider.Days]():     {Type: "string", Pattern: "^[0-9]+[dw]$"},
		reflect.TypeFor[provider.DKIMKeys](): {Type: "object", AdditionalProperties: text},
		reflect.TypeFor[[]string]():          {OneOf: []*jsonschema.Schema{text, {Type: "array", Items: text}}},
		reflect.TypeFor[[]provider.Auth]():   {OneOf: []*jsonschema.Schema{text, {Type: "array", Items: text}}},
	}
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, DoNotReference: true, Anonymous: true,
		Mapper: func(t reflect.Type) *jsonschema.Schema { return own[t] },
	}
	s := r.Reflect(file)
	if _, ok := file.(status.FrontMatter); ok {
		s.PatternProperties = map[string]*jsonschema.Schema{"^(title|expect|who|unaffected_text|action|workaround)_[a-z]{2,3}(-[A-Za-z0-9]+)?$": text}
	}
	return s
}

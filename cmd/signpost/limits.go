package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"signpost/internal/limit"
	"signpost/internal/problem"
	"signpost/internal/server/web"
)

// limitsFlag adds --limits.
func limitsFlag(fl *pflag.FlagSet, to *map[string]string) {
	fl.StringToStringVar(to, "limits", nil, "what one client may ask for, by kind: so many a minute/at once, or off")
	var kinds []string
	defaults := web.Limits()
	for _, kind := range slices.Sorted(maps.Keys(defaults)) {
		kinds = append(kinds, string(kind)+"="+defaults[kind].String())
	}
	fl.Lookup("limits").DefValue = strings.Join(kinds, ",") // what is not named stays so
}

// readLimits reads --limits.
func readLimits(given map[string]string) (map[web.Kind]limit.Budget, error) {
	var kinds []string
	for kind := range web.Limits() {
		kinds = append(kinds, string(kind))
	}
	limits := map[web.Kind]limit.Budget{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(kinds, name) {
			return nil, usageError{hinted(fmt.Errorf("--limits: unknown kind %q", name), problem.DidYouMean(name, kinds))}
		}
		budget, err := limit.ParseBudget(given[name])
		if err != nil {
			return nil, usageError{fmt.Errorf("--limits: %s: %w", name, err)}
		}
		limits[web.Kind(name)] = budget
	}
	return limits, nil
}

package provider

import (
	"os"
	"testing"
)

func load(t *testing.T, src string) *Provider {
	t.Helper()
	p, problems := Load("providers/x.yaml", []byte(src))
	for _, pr := range problems {
		t.Log(pr)
	}
	if p == nil {
		t.Fatal("the description does not load")
	}
	return p
}

func sample(t *testing.T) *Provider {
	t.Helper()
	src, err := os.ReadFile("../../../articles/providers/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, problems := Load("providers/example.yaml", src)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

func TestSampleIsClean(t *testing.T) {
	p := sample(t)
	for _, n := range p.ValueNames() {
		if v, err := p.Value("nb", n); err != nil || v == "" {
			t.Errorf("Value(%q) = %q, %v", n, v, err)
		}
	}
}

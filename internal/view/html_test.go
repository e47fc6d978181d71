package view

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNu has the Nu HTML checker read every page, in every language, and the
// stylesheets.
func TestNu(t *testing.T) {
	jar, err := filepath.Abs("../../.ci/npm/vnu/node_modules/vnu-jar/build/dist/vnu.jar")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(jar); err != nil {
		missing(t, "the Nu HTML checker is not installed: npm ci --ignore-scripts in .ci/npm/vnu")
	}
	java := need(t, "java")
	r, dir := renderer(t), t.TempDir()
	var files []string
	for _, lang := range texts(t).Languages() {
		for path, p := range newSample(texts(t).For(lang)).all() {
			body, err := r.Render(p)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(dir, lang+strings.ReplaceAll(path, "/", "_")+".html")
			if err := os.WriteFile(name, body, 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), java, append([]string{"-jar", jar}, files...)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil || out.Len() > 0 {
		t.Errorf("%v\n%s", err, strings.ReplaceAll(out.String(), "file:"+dir+"/", ""))
	}
}

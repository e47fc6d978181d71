// Package foreign runs programs that other people wrote over what our formats
// write, in tests.
package foreign

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// Look skips the test when a program is not installed; with
// SIGNPOST_REQUIRE_REAL=1 the test fails instead.
func Look(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatalf("%s is needed and not installed", program)
		}
		t.Skipf("%s is not installed, so its opinion stays unknown", program)
	}
	return path
}

// Run gives input to a program that [Look] found and returns what it prints.
// The test fails when the program does.
func Run(t testing.TB, input []byte, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin = bytes.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s\ninput:\n%s", program, err, errs.Bytes(), input)
	}
	return out.Bytes()
}

// Golden compares got with the file testdata/NAME, or writes the file when
// update is set.
func Golden(t testing.TB, update bool, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update when this is meant\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

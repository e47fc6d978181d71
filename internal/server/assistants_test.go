package server_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const secretWord = "xyzzyplugh" // stands only where no customer may look

// mcpSite has an incident, and an article for agents alone.
func mcpSite() map[string]string {
	files := smallSite()
	files["help/mail/secret/en.md"] = "---\nid: 1003\ntitle: Refund " + secretWord + "\nstate: internal\n---\n" + secretWord + "\n"
	files["help/mail/draft/en.md"] = "---\nid: 1004\ntitle: Draft " + secretWord + "\nstate: draft\n---\n" + secretWord + "\n"
	files["status/down.md"] = "---\ntitle: IMAP is down\nkind: incident\naffects: imap=down\n---\n## 2026-11-20 15:00 investigating\nA disk failed.\n"
	return files
}

var mcpTools = []string{"current_status", "get_article", "get_mail_settings", "search_articles", "suggest"}

func TestAssistantsByTheSDK(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, mcpSite())
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: d.http.URL + "/mcp", DisableStandaloneSSE: true, MaxRetries: -1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	tools, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint || tool.Description == "" {
			t.Errorf("%s does not say that it only reads", tool.Name)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(mcpTools, names); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct {
		tool string
		args map[string]any
		want string // in the answer; "!" begins an error
	}{
		{"search_articles", map[string]any{"query": "spam"}, `"url":"https://help.example.com/help/spam`},
		{"search_articles", map[string]any{"query": "spam", "lang": "de"}, `https://help.example.com/de/help/spam`},
		{"search_articles", map[string]any{"query": secretWord}, `"results":[]`},
		{"search_articles", map[string]any{"query": "disk"}, `"kind":"incident"`},
		{"search_articles", map[string]any{"query": strings.Repeat("x", 400)}, "!too long"},
		{"get_article", map[string]any{"id": "1002"}, `# Spam filter`},
		{"get_article", map[string]any{"id": 1002}, `# Spam filter`},
		{"get_article", map[string]any{"id": []int{1002}}, "!no article"},
		{"get_article", map[string]any{"id": "spam", "lang": "de"}, `# Der Spamfilter`},
		{"get_article", map[string]any{"id": "1003"}, "!no article"},
		{"get_article", map[string]any{"id": "draft"}, "!no article"},
		{"suggest", map[string]any{"text": "How does the spam filter sort my mail?"}, `"slug":"spam"`},
		{"suggest", map[string]any{"text": "I get spam and IMAP is down"}, `"id":"down"`},
		{"suggest", map[string]any{"text": secretWord + " refund"}, `"articles":`},
		{"suggest", map[string]any{"text": ""}, "!no text"},
		{"current_status", map[string]any{}, `IMAP`},
		{"current_status", map[string]any{"lang": "de"}, `"condition":"major_outage"`},
		{"get_mail_settings", map[string]any{}, `"host":"imap.example.com"`},
		{"get_mail_settings", map[string]any{"domain": "example.com", "protocol": "pop3"}, `"use":"pop3"`},
		{"get_mail_settings", map[string]any{"domain": "elsewhere.test"}, "!none of the provider's own"},
		{"get_mail_settings", map[string]any{"protocol": "gopher"}, "!imap or pop3"},
	} {
		res, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tt.tool, Arguments: tt.args})
		if err != nil {
			t.Errorf("%s %v: %v", tt.tool, tt.args, err)
			continue
		}
		var text strings.Builder
		for _, c := range res.Content {
			if c, ok := c.(*mcp.TextContent); ok {
				text.WriteString(c.Text)
			}
		}
		want, fails := strings.CutPrefix(tt.want, "!")
		if res.IsError != fails || !strings.Contains(text.String(), want) {
			t.Errorf("%s %v = %s, want %q", tt.tool, tt.args, text.String(), tt.want)
		}
		if strings.Contains(text.String(), secretWord) || strings.Contains(text.String(), "127.0.0.1") {
			t.Errorf("%s %v tells what it should not: %s", tt.tool, tt.args, text.String())
		}
	}
}

func TestAssistantsDoor(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, mcpSite())
	hello := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
	json := []string{"Content-Type", "application/json", "Accept", "application/json, text/event-stream"}
	for _, tt := range []struct {
		name   string
		method string
		body   string
		header []string
		want   int
	}{
		{"a program", "POST", hello, nil, 200},
		{"our own page", "POST", hello, []string{"Origin", "https://help.example.com"}, 200},
		{"our other host", "POST", hello, []string{"Host", "support.example.net"}, 200},
		{"another site's page", "POST", hello, []string{"Origin", "https://elsewhere.test"}, 403},
		{"a page without an origin", "POST", hello, []string{"Origin", "null"}, 403},
		{"another host", "POST", hello, []string{"Host", "elsewhere.test"}, 421},
		{"GET", "GET", "", nil, 405},
		{"too much", "POST", strings.Repeat(" ", 100<<10) + hello, nil, 413},
	} {
		if got := d.do(tt.method, "/mcp", tt.body, append(tt.header, json...)...); got.status != tt.want {
			t.Errorf("%s = %d, want %d: %s", tt.name, got.status, tt.want, got.body)
		}
	}
}

// foreignTool finds a program of a folder of npm packages, or skips.
func foreignTool(t *testing.T, folder, name string) string {
	t.Helper()
	tool, err := filepath.Abs("../../.ci/npm/" + folder + "/node_modules/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tool); err != nil {
		missingReal(t, ".ci/npm/"+folder)
	}
	if _, err := exec.LookPath("node"); err != nil {
		missingReal(t, "node")
	}
	return tool
}

func TestAssistantsByTheInspector(t *testing.T) {
	t.Parallel()
	build := filepath.Dir(foreignTool(t, "mcp-inspector", "@modelcontextprotocol/inspector-cli/build/index.js"))
	d := folderDesk(t, mcpSite())
	inspect := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), "node", append([]string{"index.js", d.http.URL + "/mcp", "--transport", "http", "--method"}, args...)...)
		cmd.Dir = build // it looks for its own package.json beside the folder it runs in
		return output(t, cmd)
	}
	var list struct{ Tools []struct{ Name string } }
	if err := json.Unmarshal(inspect("tools/list"), &list); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	slices.Sort(names)
	if diff := cmp.Diff(mcpTools, names); diff != "" {
		t.Error(diff)
	}
	if got := string(inspect("tools/call", "--tool-name", "get_article", "--tool-arg", "id=spam")); !strings.Contains(got, "# Spam filter") {
		t.Errorf("get_article: %s", got)
	}
}

func TestDescriptionByAForeignValidator(t *testing.T) {
	t.Parallel()
	tool := foreignTool(t, "openapi", ".bin/validate-api")
	s := staffedDesk(t, smallSite())
	file := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(file, []byte(s.get("/api/v1/openapi.json").body), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), tool, file).CombinedOutput(); err != nil || !strings.Contains(string(out), `"valid": true`) {
		t.Errorf("%v: %s", err, out)
	}
}

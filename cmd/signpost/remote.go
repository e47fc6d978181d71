package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content"
	"signpost/internal/content/status/edit"
	"signpost/internal/statusclient"
)

// A postWriter writes status posts: a [content.Editor] into a folder, a
// [remote.Client] by a server.
type postWriter interface {
	New(d edit.Draft) (content.Written, error)
	Add(id string, a edit.Addition, match string) (content.Written, error)
	Resolve(id string, a edit.Addition, match string) (content.Written, error)
	Edit(id string, c edit.Correction, match string) (content.Written, error)
	Revise(id string, r edit.Revision, match string) (content.Written, error)
	Undo(id, match string) (content.Written, error)
}

// openRemote reads the token.
func openRemote(cmd *cobra.Command, server, tokenFile string) (*statusclient.Client, error) {
	base, err := url.Parse(strings.TrimRight(server, "/"))
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" {
		return nil, usageError{hinted(fmt.Errorf("--server: %q is not the address of a server", server), "write https://help.example.com")}
	}
	if tokenFile == "" {
		return nil, usageError{hinted(errors.New("--server needs a token"), "\"signpost token add NAME --scope status:write,notify\" makes one; put it into a file and name that with --token-file")}
	}
	f, err := os.Open(tokenFile)
	if err != nil {
		return nil, fmt.Errorf("the token: %w", err)
	}
	defer f.Close()
	token, err := firstLine(f)
	if err == nil && strings.TrimSpace(token) == "" {
		err = fmt.Errorf("%s holds no token on its first line", tokenFile)
	}
	if err != nil {
		return nil, err
	}
	if base.Scheme == "http" && !loopbackHost(base.Hostname()) {
		fmt.Fprintln(cmd.ErrOrStderr(), "signpost: the token travels unencrypted; use https")
	}
	return statusclient.Open(cmd.Context(), time.Now(), base, strings.TrimSpace(token)), nil
}

func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

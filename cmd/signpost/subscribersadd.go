package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/notify"
	"signpost/internal/notify/channel"
	"signpost/internal/problem"
	"signpost/internal/state"
)

const maxURL = 4 << 10 // bytes of the file with the URL

func subscribersAdd(f *subscriberFlags) *cobra.Command {
	var choice notify.Choice
	cmd := &cobra.Command{
		Use:   "add CHANNEL FILE",
		Short: "Tell a webhook or chat of yours: webhook, slack, teams, mattermost or ntfy",
		Long: `Subscribes a webhook or chat of the operator. FILE (- is the standard input) holds
its https URL on one line: whoever knows the URL of a chat can write to it, so it
is not an argument. For a webhook the last line that is printed is the secret that
signs its requests (Standard Webhooks). Internal addresses must be allowed by
--allow-networks of the server.`,
		Args: exactly(2, "a channel and a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := notify.Channel(args[0])
			if chats := notify.Channels()[1:]; !slices.Contains(chats, c) {
				var names []string
				for _, c := range chats {
					names = append(names, string(c))
				}
				return usageError{hinted(fmt.Errorf("unknown channel %q", args[0]), problem.DidYouMean(args[0], names))}
			}
			if choice.Language == "" {
				return usageError{hinted(errors.New("--language is missing"), "give a language of the site, such as --language en")}
			}
			target, err := readURL(cmd, args[1])
			if err != nil {
				return err
			}
			return f.with(cmd.Context(), func(s *state.Store) error {
				sub, err := s.Notices.Add(cmd.Context(), notify.Request{Channel: c, Target: target, Choice: choice, Consent: "operator"}, time.Now())
				if err != nil {
					return stateError(err)
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "%s is told from now on\n", sub.ID)
				if c == notify.Webhook {
					fmt.Fprintln(cmd.OutOrStdout(), channel.Secret(f.ring.Secret(channel.KeyPurpose), "", sub.Target))
				}
				return nil
			})
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&choice.Language, "language", "", "language of the messages (required)")
	fl.StringVar(&choice.Zone, "zone", "", "time zone of the messages, such as Europe/Oslo (default: the site's)")
	fl.StringSliceVar(&choice.Components, "components", nil, "only posts about these components (default: all)")
	fl.StringSliceVar(&choice.Posts, "posts", nil, "only these kinds of post: incident, maintenance, notice (default: all)")
	return cmd
}

// readURL reads the one line of a file.
func readURL(cmd *cobra.Command, name string) (string, error) {
	in := cmd.InOrStdin()
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxURL))
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(string(text))
	if line == "" || strings.ContainsAny(line, "\r\n") {
		return "", fmt.Errorf("%s must hold the URL on one line", name)
	}
	return line, nil
}

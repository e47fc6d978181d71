package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/listen"
)

func healthCommand() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a server on this machine whether it is ready",
		Long: `Asks /readyz of the server that listens on --listen on this machine. The exit
status is 0 when it answers 200, 1 otherwise; containers use it as their health
check.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			network, target, err := listen.Target(address)
			if err != nil {
				return usageError{hinted(fmt.Errorf("--listen: %w", err), "name an address and port, or unix:PATH")}
			}
			dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, target)
			}
			client := http.Client{Timeout: 4 * time.Second, Transport: &http.Transport{DialContext: dial}}
			req, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://localhost/readyz", nil)
			if err != nil {
				return err
			}
			resp, err := client.Do(req)
			if err != nil {
				return hinted(fmt.Errorf("the server does not answer: %w", err), "is \"signpost serve\" running with the same --listen?")
			}
			defer resp.Body.Close()
			io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<10))
			if resp.StatusCode != http.StatusOK {
				return fmt.Errorf("the server answers %s", resp.Status)
			}
			fmt.Fprintln(cmd.OutOrStdout(), "ready")
			return nil
		},
	}
	cmd.Flags().StringVar(&address, "listen", "127.0.0.1:8080", "address and port that the server listens on, or unix:PATH")
	return cmd
}

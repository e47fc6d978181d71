package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func describe(cmd *cobra.Command, domain string, files map[string][]byte) error {
	return errors.New("not yet")
}

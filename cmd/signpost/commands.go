package main

import "github.com/spf13/cobra"

// commands lists every command, each from its own file.
func commands() []*cobra.Command {
	return []*cobra.Command{
		serveCommand(), initCommand(), checkCommand(), newCommand(), searchCommand(), statusCommand(),
		suggestCommand(), snippetCommand(), replayCommand(), agentCommand(), tokenCommand(), stateCommand(), subscribersCommand(),
		setupCommand(), dnsCommand(), doctorCommand(), verifyCommand(),
		healthCommand(), schemaCommand(), versionCommand(), completionCommand(),
	}
}

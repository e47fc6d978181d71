package dnsclient

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestSystemServers(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	gone := filepath.Join(dir, "gone")
	stub := write("stub", "nameserver 127.0.0.53\noptions edns0\n")
	uplink := write("uplink", "nameserver 192.0.2.53\nnameserver 2001:db8::53\n")
	for name, tt := range map[string]struct {
		conf, uplink string
		want         []string
	}{
		"servers":                {uplink, gone, []string{"192.0.2.53:53", "[2001:db8::53]:53"}},
		"the stub of systemd":    {stub, uplink, []string{"192.0.2.53:53", "[2001:db8::53]:53"}},
		"the stub and no uplink": {stub, gone, []string{"127.0.0.53:53"}},
		"no file":                {gone, gone, []string{"127.0.0.1:53", "[::1]:53"}},
		"a file without servers": {write("empty", "search example.com\n"), gone, nil},
	} {
		if got := systemServers(tt.conf, tt.uplink); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

package doctor

import "testing"

func TestRoom(t *testing.T) {
	for name, tt := range map[string]struct {
		free, freeFiles, files uint64
		want                   Status
	}{
		"a full disk":                 {0, 1000, 2000, Fail},
		"nearly full":                 {40 << 20, 1000, 2000, Fail},
		"little":                      {300 << 20, 1000, 2000, Warn},
		"enough":                      {2 << 30, 1000, 2000, OK},
		"no more files":               {2 << 30, 0, 2000, Fail},
		"few files":                   {2 << 30, 10, 2000, Warn},
		"a disk that counts no files": {2 << 30, 0, 0, OK},
	} {
		var r report
		if room(&r, "/data", tt.free, tt.freeFiles, tt.files); len(r.list) != 1 || r.list[0].Status != tt.want {
			t.Errorf("%s: %+v", name, r.list)
		}
	}
}

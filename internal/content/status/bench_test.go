package status

import (
	"fmt"
	"testing"
	"time"
)

// A board of ten years: 1,000 posts.
func BenchmarkBoard(b *testing.B) {
	var posts []*Post
	at := clock(b, "2016-01-01T10:00:00Z")
	for i := range 1000 {
		at = at.Add(84 * time.Hour)
		day := at.Format(time.DateOnly)
		posts = append(posts, mustParse(b, fmt.Sprint("p", i), "---\ntitle: T\nkind: incident\naffects: mail=down\n---\n## "+day+" 10:00 investigating\n## 10:30 identified\n## 11:00 resolved\n"))
	}
	bd := board(b, posts...)
	b.Run("At", func(b *testing.B) {
		for b.Loop() {
			bd.At(at)
		}
	})
}

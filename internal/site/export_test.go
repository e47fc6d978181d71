package site

import "signpost/internal/content"

// Forget makes the next load start from the files alone, with the last good
// versions but with nothing of what was made of them.
func (l *Live) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loader = content.NewLoader(l.memory)
	l.kept = passages{}
}

// AtOnce makes a removed file count as removed at the next load.
func (l *Live) AtOnce() { l.loader.Settle = 0 }

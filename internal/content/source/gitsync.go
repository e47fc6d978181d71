package source

import (
	"cmp"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"signpost/internal/content/source/gitrepo"
)

func (c *clone) notify() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// contact says once in the log that the remote is gone or back.
func (c *clone) contact(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	c.view.Lock()
	before := c.trouble
	c.trouble = text
	c.view.Unlock()
	switch {
	case text != "" && text != before:
		c.cfg.Log.Warn("the content's repository cannot be used; the content stays as it is, changes are kept", "repository", c.remote.name, "error", text)
	case text == "" && before != "":
		c.cfg.Log.Info("the content's repository can be used again", "repository", c.remote.name)
	}
}

// sync fetches what is new and pushes what is pending.
func (c *clone) sync(stop context.Context) error {
	ctx, cancel := context.WithTimeout(stop, cmp.Or(c.cfg.Timeout, fetchWait))
	defer cancel()
	err := c.pull(ctx)
	if err == nil {
		var unlock func()
		if unlock, err = c.lock(); err == nil {
			err = c.push(ctx, "")
			unlock()
		}
	}
	if stop.Err() != nil { // the program ends; that says nothing of the repository
		return err
	}
	c.contact(err)
	return err
}

// pull fetches without holding up writers.
func (c *clone) pull(ctx context.Context) error {
	c.fetching.Lock()
	defer c.fetching.Unlock()
	before, err := c.state()
	if err != nil {
		return err
	}
	tip, err := c.fetchTip(ctx, before)
	if err != nil || tip.String() == before.Tip {
		return err
	}
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	now, err := c.state()
	if err != nil || now.Tip != before.Tip {
		return err // a push has overtaken this fetch
	}
	return c.setTip(now, tip)
}

// fetchTip returns the commit that the remote has now, and makes sure that it
// is in the clone.
func (c *clone) fetchTip(ctx context.Context, st cloneState) (plumbing.Hash, error) {
	tip, err := c.remote.tip(ctx, st.Branch)
	if err != nil || tip.String() == st.Tip {
		return tip, err
	}
	if err := c.remote.fetch(ctx, c.repo(), st.Branch, plumbing.NewHash(st.Tip)); err != nil {
		return tip, err
	}
	_, err = gitrepo.Open(c.repo()).Files(tip)
	return tip, err
}

// pushPending pushes what was just written, without fetching first.
func (c *clone) pushPending(stop context.Context) {
	ctx, cancel := context.WithTimeout(stop, c.cfg.limit(pushWait))
	defer cancel()
	unlock, err := c.lock()
	if err == nil {
		err = c.push(ctx, "")
		unlock()
	}
	if stop.Err() == nil {
		c.contact(err)
	}
}

// shown is what readers see of the clone: the files, and whether the remote
// takes changes.
func (c *clone) shown() string {
	c.view.Lock()
	defer c.view.Unlock()
	return c.key + "\n" + c.trouble
}

// watch is [Source.Watch].
func (c *clone) watch(ctx context.Context, changed func()) {
	shown := c.shown()
	look := time.NewTicker(time.Second) // other processes write here too
	defer look.Stop()
	synced, pushed := make(chan error, 1), make(chan struct{}, 1)
	pushing, again := false, false
	gap := c.cfg.Interval
	next := time.NewTimer(jittered(gap))
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			c.begin(func() { synced <- c.sync(ctx) })
		case err := <-synced:
			if err != nil {
				gap = min(2*gap, max(longestGap, c.cfg.Interval))
			} else {
				gap = c.cfg.Interval
				c.renewRepo(ctx)
			}
			next.Reset(jittered(gap))
		case <-c.wake:
			if again = pushing; !pushing {
				pushing = c.begin(func() { c.pushPending(ctx); pushed <- struct{}{} })
			}
		case <-pushed:
			if pushing = again; again {
				again = false
				pushing = c.begin(func() { c.pushPending(ctx); pushed <- struct{}{} })
			}
		case <-look.C:
		}
		c.files()
		if now := c.shown(); now != shown {
			shown = now
			changed()
		}
	}
}

// begin does something in the background, unless the clone is being closed.
func (c *clone) begin(do func()) bool {
	c.ending.Lock()
	defer c.ending.Unlock()
	if !c.closed {
		c.running.Go(do)
	}
	return !c.closed
}

// close waits for what goes on in the background.
func (c *clone) close() {
	c.ending.Lock()
	c.closed = true
	c.ending.Unlock()
	c.running.Wait()
}

// jittered keeps equal replicas from asking all at once.
func jittered(d time.Duration) time.Duration {
	return d - d/5 + rand.N(max(2*d/5, 1))
}

// renewRepo makes the clone anew when many small fetches have made it slow.
func (c *clone) renewRepo(ctx context.Context) {
	packs, _ := filepath.Glob(filepath.Join(c.repo(), "objects", "pack", "*.pack"))
	if len(packs) < manyPacks {
		return
	}
	st, err := c.state()
	if err != nil {
		return
	}
	fresh := filepath.Join(c.dir, "repo.new")
	if os.RemoveAll(fresh) != nil || c.remote.fetch(ctx, fresh, st.Branch, plumbing.ZeroHash) != nil {
		return
	}
	unlock, err := c.lock()
	if err != nil {
		return
	}
	defer unlock()
	if st, err = c.state(); err != nil {
		return
	}
	if _, err := gitrepo.Open(fresh).Files(plumbing.NewHash(st.Tip)); err != nil {
		return // a push has overtaken this clone
	}
	if err := c.replaceRepo(fresh); err != nil {
		c.cfg.Log.Warn("the clone could not be made anew", "error", err)
	}
}

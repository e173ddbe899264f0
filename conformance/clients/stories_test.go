//go:build clients

package clients

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// retryAfter is the Retry-After of the story of a rate limit.
const retryAfter = 3 * time.Second

// maxRequests is the number of requests after which the fake of a story breaks connections: a
// client that sends so many does not stop.
const maxRequests = 60

// newFake starts a fake with extended quota, where most clients know all members of the responses.
func newFake(options ...mock.Option) *mock.Server {
	return mock.NewServer(nil, append(extended.options(), options...)...)
}

// fakes starts the fake of each story.
var fakes = map[string]func() *mock.Server{
	// A login whose refreshes return no refresh token. The access tokens last so short that
	// golang.org/x/oauth2 fetches one for every request.
	"refresh": func() *mock.Server {
		return newFake(mock.WithAutoApprove(), mock.WithStrictTokens(), mock.WithTokenLifetime(9*time.Second))
	},
	"rateLimited": func() *mock.Server {
		s := newFake()
		s.On("GET", "/albums/{id}").Times(1).RateLimited(retryAfter)
		return s
	},
	"quota": func() *mock.Server { return newFake(mock.WithQuota(0)) },
	"quota403": func() *mock.Server {
		s := newFake()
		s.On("GET", "/albums/{id}").Error(403, "QUOTA_EXCEEDED")
		return s
	},
	"unauthorized": func() *mock.Server {
		s := newFake()
		s.On("GET", "/me/player").Times(1).Respond(401, map[string]any{
			"error": map[string]any{"status": 401, "message": "Access token missing"},
		})
		return s
	},
	"items development":       func() *mock.Server { return mock.NewServer(nil, development.options()...) },
	"items older-development": func() *mock.Server { return mock.NewServer(nil, older.options()...) },
	"items extended":          func() *mock.Server { return mock.NewServer(nil, extended.options()...) },
}

// TestStories runs every client under faults, and compares docs/fake.md with the outcomes.
func TestStories(t *testing.T) {
	outcomes := map[*client]map[string]string{}
	t.Run("clients", func(t *testing.T) {
		for _, c := range clients {
			outcomes[c] = map[string]string{}
			t.Run(c.name, func(t *testing.T) {
				if c.absent != "" {
					t.Skip(c.absent)
				}
				t.Parallel()
				runStories(t, c, outcomes[c])
			})
		}
	})
	for _, c := range clients {
		if len(outcomes[c]) == 0 && c.absent == "" {
			return // -run left it out, or it failed
		}
	}
	if !t.Failed() {
		checkTable(t, storiesTable(outcomes))
		checkTable(t, errorsTable(outcomes))
	}
}

// runStories runs a client's stories and stores a description of each outcome.
func runStories(t *testing.T, c *client, outcomes map[string]string) {
	r := newRecorder(t, "")
	r.limit = maxRequests
	r.begin = func(story *call) {
		fake, known := fakes[story.Method]
		if !known {
			t.Errorf("there is no story %q", story.Method)
			return
		}
		s := fake()
		t.Cleanup(s.Close)
		r.expire = s.ExpireTokens
		r.mu.Lock()
		r.target = s.URL
		r.mu.Unlock()
	}
	c.run(t, r, true)
	stories, _ := r.result()
	for _, story := range stories {
		outcomes[story.Method] = story.describe()
		t.Logf("%s: %s", story.Method, outcomes[story.Method])
	}
	for name := range fakes {
		if _, ok := outcomes[name]; !ok && name != "refresh" {
			t.Errorf("the story %q was not run", name)
		}
	}
}

// describe returns the outcome of a story and, where the story is about a request's attempts,
// their number and the pauses between them.
func (c *call) describe() string {
	outcome := "error: " + short(c.Error)
	if c.OK {
		var result any
		_ = json.Unmarshal(c.Result, &result)
		outcome = fmt.Sprint(result)
	}
	if c.Method == "refresh" || strings.HasPrefix(c.Method, "items") {
		return outcome
	}
	return c.attempts() + "; " + outcome
}

// attempts describes the requests to the Web API.
func (c *call) attempts() string {
	var times []time.Time
	for _, e := range c.exchanges {
		if e.status >= 400 || len(times) > 0 { // the first is the one that goes wrong
			times = append(times, e.at)
		}
	}
	switch n := len(times); {
	case n == 0:
		return "no request"
	case n == 1:
		return "1 request"
	case n >= maxRequests-1:
		return "requests without end"
	case times[1].Sub(times[0]) >= retryAfter-100*time.Millisecond: // timers may fire early
		return fmt.Sprintf("waits, %d requests", n)
	default:
		return fmt.Sprintf("%d requests at once", n)
	}
}

// short returns the beginning and the end of an error's text, for a cell of a table.
func short(text string) string {
	const head, tail = 40, 50
	text = strings.NewReplacer("|", "/", "`", "'").Replace(text)
	if characters := []rune(text); len(characters) > head+tail {
		text = strings.TrimSpace(string(characters[:head])) + " … " +
			strings.TrimSpace(string(characters[len(characters)-tail:]))
	}
	return "`" + text + "`"
}

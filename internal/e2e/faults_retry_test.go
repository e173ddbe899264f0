package e2e_test

// These tests check that Retry is the only one that retries, and retries only idempotent requests.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/middleware"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
	"github.com/seed-2147f1a9/spotify/transport"
)

// lossy has the fake apply a request and replaces the first response by a 503.
type lossy struct {
	fake  http.RoundTripper
	route string // "PUT /v1/me/player/play"
	lost  atomic.Int32
}

func (l *lossy) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.fake.RoundTrip(req)
	if err != nil || req.Method+" "+req.URL.Path != l.route || resp.StatusCode >= 300 || l.lost.Add(1) > 1 {
		return resp, err
	}
	transport.Drain(resp)
	return responding(
		response{status: 503, body: `{"error":{"status":503,"message":"Service unavailable"}}`},
	).RoundTrip(req)
}

// TestFaultsReorder: an applied reorder whose response is a 503 is not retried, for every maker
// of requests.
func TestFaultsReorder(t *testing.T) {
	const body = `{"range_start":0,"insert_before":4}`
	for maker, reorder := range map[string]func(t *testing.T, c *spotify.Client, id string) error{
		"services": func(t *testing.T, c *spotify.Client, id string) error {
			_, err := c.Playlists.ReorderItems(t.Context(), id, 0, 4, nil)
			return err
		},
		"Do": func(t *testing.T, c *spotify.Client, id string) error {
			return c.Do(
				t.Context(),
				"PUT",
				"/playlists/"+id+"/items",
				nil,
				map[string]int{"range_start": 0, "insert_before": 4},
				nil,
			)
		},
		"HTTPClient": func(t *testing.T, c *spotify.Client, id string) error {
			status, _, err := send(t, c, "PUT", "/playlists/"+id+"/items", body)
			return errors.Join(err, statusError(status))
		},
		"HTTPClient, a body that is read once": func(t *testing.T, c *spotify.Client, id string) error {
			req, _ := http.NewRequestWithContext(
				t.Context(),
				"PUT",
				"https://api.spotify.com/v1/playlists/"+id+"/items",
				io.MultiReader(strings.NewReader(body)),
			)
			resp, err := c.HTTPClient().Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			return statusError(resp.StatusCode)
		},
		"HTTPClient, a member in capitals": func(t *testing.T, c *spotify.Client, id string) error {
			status, _, err := send(t, c, "PUT", "/playlists/"+id+"/items", strings.ToUpper(body[:14])+body[14:])
			return errors.Join(err, statusError(status))
		},
	} {
		t.Run(maker, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := mock.New(t)
				base := &lossy{fake: fake}
				client := over(t, base)
				made, err := client.Playlists.Create(t.Context(), &resources.CreatePlaylistParams{Name: "ABCD"})
				if err != nil {
					t.Fatal(err)
				}
				found, err := resources.Collect(client.Search.AllTracks(t.Context(), "a", nil), 4)
				if err != nil || len(found) != 4 {
					t.Fatal(len(found), err)
				}
				letters, uris := map[string]string{}, make([]string, 4)
				for i, track := range found {
					uris[i], letters[track.URI] = track.URI, string(rune('A'+i))
				}
				if _, err := client.Playlists.AddItems(t.Context(), made.ID, uris, nil); err != nil {
					t.Fatal(err)
				}
				base.route = "PUT /v1/playlists/" + made.ID + "/items"
				if err := reorder(t, client, made.ID); err == nil {
					t.Error("a lost response is reported as success")
				}
				order := ""
				for item, err := range client.Playlists.AllItems(t.Context(), made.ID, nil) {
					if err != nil {
						t.Fatal(err)
					}
					order += letters[item.Item.URI()]
				}
				if order != "BCDA" || base.lost.Load() > 1 {
					t.Errorf("A B C D became %s, want BCDA", order)
				}
				_ = client.Close()
			})
		})
	}
}

func statusError(status int) error {
	if status >= 400 {
		return fmt.Errorf("status code %d", status)
	}
	return nil
}

// TestFaultsPlay: starting a context is not idempotent and is applied once; resuming is
// idempotent and is retried.
func TestFaultsPlay(t *testing.T) {
	for body, attempts := range map[string]int{
		`{"context_uri":"spotify:album:` + albumID + `"}`: 1,
		`{"uris":["spotify:track:` + albumID + `"]}`:      1,
		`{"position_ms":0}`:                               4,
		``:                                                4,
		`not JSON`:                                        1,
	} {
		synctest.Test(t, func(t *testing.T) {
			base := responding(response{status: 503})
			client := over(t, base)
			if _, _, err := send(t, client, "PUT", "/me/player/play", body); err != nil || base.count() != attempts {
				t.Errorf("%.60q: %d attempts, want %d; %v", body, base.count(), attempts, err)
			}
			_ = client.Close()
		})
	}
}

// TestFaultsCutBodies: a body that breaks off is a failed attempt, counted and retried like any
// other.
func TestFaultsCutBodies(t *testing.T) {
	for name, body := range map[string]func(*http.Request) response{
		"broken off":   func(*http.Request) response { return response{stream: cut(album[:20])} },
		"no end":       func(*http.Request) response { return response{stream: io.NopCloser(strings.NewReader(album[:20]))} },
		"at the start": func(*http.Request) response { return response{stream: cut("")} },
		"a timeout": func(req *http.Request) response {
			body := hanging()
			context.AfterFunc(req.Context(), func() { _ = body.Close() })
			return response{stream: body}
		},
	} {
		for _, retries := range []int{0, 1, 3} {
			t.Run(fmt.Sprint(name, ", retries ", retries), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var told atomic.Int32
					var attempts atomic.Int32
					base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
						attempts.Add(1)
						return responding(body(req)).RoundTrip(req)
					})
					client := over(
						t,
						base,
						spotify.WithTimeout(10*time.Second),
						spotify.WithRetry(middleware.RetryConfig{OnRetry: func(middleware.RetryEvent) { told.Add(1) }}),
						spotify.WithMaxRetries(retries),
					)
					start := time.Now()
					_, err := client.Albums.Get(t.Context(), albumID, nil)
					unusable, ok := errors.AsType[*resources.ResponseError](err)
					if !ok || unusable.Status != 200 || errors.Is(err, spotify.ErrServer) {
						t.Errorf("got %v", err)
					}
					if cut, ok := errors.AsType[*transport.BodyError](err); !ok || cut.Applied {
						t.Errorf("a GET with a cut body: %v", err)
					}
					stats := client.Stats()
					if n := int64(retries + 1); int64(attempts.Load()) != n || stats.Attempts != n || stats.Retries != n-1 ||
						int64(told.Load()) != n-1 {
						t.Errorf("%d attempts, Stats %+v, OnRetry %d, want %d", attempts.Load(), stats, told.Load(), n)
					}
					if most := time.Duration(retries+1)*10*time.Second + 8*time.Second; time.Since(start) > most {
						t.Errorf("took %v", time.Since(start))
					}
					_ = client.Close()
				})
			})
		}
	}
}

// TestFaultsCutBodyOfAWrite: the error for a cut response to a write that is not idempotent has
// Applied set.
func TestFaultsCutBodyOfAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := responding(response{stream: cut(`{"snapshot_id":"o`)})
		client := over(t, base)
		_, err := client.Playlists.AddItems(t.Context(), playlistID, []string{"spotify:track:" + albumID}, nil)
		half, ok := errors.AsType[*resources.PartialError](err)
		broken, is := errors.AsType[*transport.BodyError](err)
		if !ok || half.Done != 1 || !is || !broken.Applied || base.count() != 1 {
			t.Errorf("%v after %d attempts", err, base.count())
		}
		// An operation that returns nothing succeeds with its headers.
		base = responding(response{stream: cut("what")})
		if err := over(t, base).Player.Pause(t.Context(), nil); err != nil || base.count() != 1 {
			t.Errorf("a command: %v after %d attempts", err, base.count())
		}
		_ = client.Close()
	})
}

// TestFaultsDeadTokenEndpoint: each attempt sends one token request.
func TestFaultsDeadTokenEndpoint(t *testing.T) {
	for _, retries := range []int{0, 1, 3} {
		for name, rule := range map[string]func(*mock.Rule){
			"503":     func(r *mock.Rule) { r.Respond(503, "down") },
			"a reset": func(r *mock.Rule) { r.Fail(nil) },
			"429":     func(r *mock.Rule) { r.Respond(429, "") },
			"408":     func(r *mock.Rule) { r.Respond(408, "") },
		} {
			synctest.Test(t, func(t *testing.T) {
				fake := mock.New(t)
				rule(fake.On("POST", "/api/token"))
				client, err := spotify.NewFromClientCredentials(
					"id",
					"a-client-secret",
					spotify.WithTransport(fake),
					spotify.WithMaxRetries(retries),
				)
				if err != nil {
					t.Fatal(err)
				}
				_, err = client.Player.Devices(t.Context())
				if n := len(fake.Calls("POST", "/api/token")); err == nil || n != retries+1 {
					t.Errorf("%s, %d retries: %d token requests, %v", name, retries, n, err)
				}
				_ = client.Close()
			})
		}
	}
}

// TestFaultsHangingErrorBody: an error body that hangs does not delay the retry, because reading
// and draining have time limits.
func TestFaultsHangingErrorBody(t *testing.T) {
	for _, status := range []int{503, 429, 401} {
		synctest.Test(t, func(t *testing.T) {
			body := hanging()
			base := responding(response{status: status, stream: body}, response{body: album})
			client, err := spotify.NewFromClientCredentials(
				"id",
				"a-client-secret",
				spotify.WithTransport(&withTokens{base: base}),
			)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			got, err := client.Albums.Get(t.Context(), albumID, nil)
			if took := time.Since(start); err != nil || got.Name != "An album" ||
				took > 500*time.Millisecond+200*time.Millisecond {
				t.Errorf("%d: %v after %v", status, err, took)
			}
			select {
			case <-body.closed:
			default:
				t.Error("the hanging body was left open")
			}
			_ = client.Close()
		})
	}
}

// withTokens adds a token endpoint to base.
type withTokens struct {
	base http.RoundTripper
	n    atomic.Int32
}

func (w *withTokens) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != "accounts.spotify.com" {
		return w.base.RoundTrip(req)
	}
	return responding(
		response{body: fmt.Sprintf(`{"access_token":"access-token-%d","expires_in":3600}`, w.n.Add(1))},
	).RoundTrip(req)
}

// TestFaultsStatuses: transient status codes are retried for idempotent requests, others never.
func TestFaultsStatuses(t *testing.T) {
	passing := map[int]bool{408: true, 500: true, 502: true, 503: true, 504: true, 507: true}
	for status := 520; status <= 599; status++ {
		passing[status] = true
	}
	for status := 400; status <= 599; status++ {
		if status == 401 || status == 429 {
			continue
		}
		for _, method := range []string{"GET", "PUT", "POST"} {
			synctest.Test(t, func(t *testing.T) {
				base := responding(response{status: status})
				client := over(t, base)
				want := 1
				if passing[status] && method != "POST" {
					want = 4
				}
				if got, _, err := send(t, client, method, "/me/something-new", ""); got != status || err != nil ||
					base.count() != want {
					t.Errorf("%s %d: %d, %v after %d attempts, want %d", method, status, got, err, base.count(), want)
				}
				_ = client.Close()
			})
		}
	}
	err := spotify.DecodeError(&http.Response{StatusCode: 408, Body: http.NoBody})
	if errors.Is(err, spotify.ErrServer) {
		t.Errorf("%v matches ErrServer, want no match", err)
	}
}

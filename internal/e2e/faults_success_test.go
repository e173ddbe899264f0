package e2e_test

// These tests check that a 2xx status code alone is not a success.

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/resources"
)

// calls are operations of every kind, and whether they return something and are idempotent.
var calls = map[string]struct {
	idempotent bool
	do         func(t *testing.T, c *spotify.Client) error
}{
	"Albums.Get": {true, func(t *testing.T, c *spotify.Client) error {
		_, err := c.Albums.Get(t.Context(), albumID, nil)
		return err
	}},
	"Player.State": {
		true,
		func(t *testing.T, c *spotify.Client) error { _, err := c.Player.State(t.Context(), nil); return err },
	},
	"Albums.Saved": {
		true,
		func(t *testing.T, c *spotify.Client) error { _, err := c.Albums.Saved(t.Context(), nil); return err },
	},
	"Player.Devices": {true, func(t *testing.T, c *spotify.Client) error {
		_, err := c.Player.Devices(t.Context())
		return err
	}},
	"Library.Contains": {true, func(t *testing.T, c *spotify.Client) error {
		_, err := c.Library.Contains(t.Context(), "spotify:album:"+albumID)
		return err
	}},
	"Playlists.AddItems": {false, func(t *testing.T, c *spotify.Client) error {
		_, err := c.Playlists.AddItems(t.Context(), playlistID, []string{"spotify:track:" + albumID}, nil)
		return err
	}},
	"Playlists.ReorderItems": {false, func(t *testing.T, c *spotify.Client) error {
		_, err := c.Playlists.ReorderItems(t.Context(), playlistID, 0, 2, nil)
		return err
	}},
	"Playlists.ReplaceItems": {true, func(t *testing.T, c *spotify.Client) error {
		_, err := c.Playlists.ReplaceItems(t.Context(), playlistID, []string{"spotify:track:" + albumID})
		return err
	}},
}

func TestFaultsErrorObjectInA200(t *testing.T) {
	for body, status := range map[string]int{
		`{"error":{"status":502,"message":"Bad gateway."}}`:        502,
		`{ "error" : { "message" : "Something went wrong" } }`:     500,
		`{"error":"server_error","error_description":"try later"}`: 500,
		`{"error":{"status":404,"message":"Not found."}}`:          404,
	} {
		for name, call := range calls {
			t.Run(name+" "+body, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					base := responding(response{body: body})
					client := over(t, base)
					var e *spotify.Error
					if err := call.do(t, client); !errors.As(err, &e) || e.Status != status {
						t.Errorf("got %v, want a *spotify.Error of %d", err, status)
					}
					want := 1
					if call.idempotent && status >= 500 {
						want = 4
					}
					if base.count() != want {
						t.Errorf("%d attempts, want %d", base.count(), want)
					}
					_ = client.Close()
				})
			})
		}
	}
}

// TestFaultsErrorObjectInA200Passes: the second attempt returns the album. HTTPClient returns the
// 200 as it is.
func TestFaultsErrorObjectInA200Passes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const failure = `{"error":{"status":503,"message":"Service unavailable"}}`
		base := responding(response{body: failure}, response{body: album})
		client := over(t, base)
		got, err := client.Albums.Get(t.Context(), albumID, nil)
		if err != nil || got.Name != "An album" || base.count() != 2 || client.Stats().Retries != 1 {
			t.Errorf("%+v, %v after %d attempts", got, err, base.count())
		}
		_ = client.Close()

		base = responding(response{body: failure})
		client = over(t, base)
		status, body, err := send(t, client, "GET", "/albums/"+albumID, "")
		if status != 200 || body != failure || err != nil || base.count() != 4 {
			t.Errorf("HTTPClient: %d, %q, %v after %d attempts", status, body, err, base.count())
		}
		_ = client.Close()
	})
}

// TestFaultsNoErrorObject: a member called error is not an error if it is null, nested, or part
// of a text.
func TestFaultsNoErrorObject(t *testing.T) {
	for _, body := range []string{
		`{"error":null,"name":"An album"}`,
		`{"name":"An album","label":"\"error\":{}"}`,
		`{"name":"An album","artists":[{"name":"error"}]}`,
		`{"name":"An album","tracks":{"error":{"status":500}}}`,
	} {
		client := over(t, responding(response{body: body}), spotify.WithMaxRetries(0))
		if got, err := client.Albums.Get(t.Context(), albumID, nil); err != nil || got.Name != "An album" {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestFaultsNothingExpectedInTheBody(t *testing.T) {
	const portal = "<!DOCTYPE html><html><head><title>Log in to\n Hotel WiFi\x1b[2J</title></head><body>…</body></html>"
	for body, want := range map[string]string{
		portal:                           `HTML page titled "Log in to Hotel WiFi` + "\ufffd",
		"\n <html><body>hello</body>":    "HTML page",
		`{"data":{"id":"x"},"ok":true}`:  "[data ok]",
		`{"message":"We are back soon"}`: "message",
		`{}`:                             "nothing expected",
	} {
		for _, name := range []string{
			"Albums.Get", "Player.State", "Albums.Saved", "Player.Devices", "Playlists.AddItems",
			"Playlists.ReorderItems",
		} {
			base := responding(response{body: body})
			err := calls[name].do(t, over(t, base))
			unusable, ok := errors.AsType[*resources.ResponseError](err)
			if !ok || unusable.Status != 200 || !errors.Is(err, resources.ErrUnexpected) || base.count() != 1 {
				t.Errorf("%s: %s: %v after %d attempts", name, body, err, base.count())
				continue
			}
			if name == "Albums.Get" && !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("%s reads %q, want %s in it", body, err, want)
			}
		}
	}
	// A caller's fields filter may leave nothing.
	client := over(t, responding(response{body: `{}`}))
	if _, err := client.Playlists.Get(
		t.Context(),
		playlistID,
		&resources.GetPlaylistParams{Fields: "tracks(unknown)"},
	); err != nil {
		t.Errorf("a filtered playlist: %v", err)
	}
}

// TestFaultsRedirectedWrites: a redirected write is neither sent as a GET nor reported as done.
func TestFaultsRedirectedWrites(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		redirect := response{status: status, header: []string{"Location", "https://api.spotify.com/v1/elsewhere"}}
		for _, method := range []string{"PUT", "POST", "DELETE"} {
			base := responding(redirect, response{body: `{"snapshot_id":"x"}`})
			client := over(t, base)
			if got, _, err := send(t, client, method, "/playlists/"+playlistID+"/items", `{"uris":[]}`); err != nil ||
				got != status ||
				base.count() != 1 {
				t.Errorf("HTTPClient: %s, %d: %d, %v after %s", method, status, got, err, base.requests())
			}
			base = responding(redirect, response{body: `{"snapshot_id":"x"}`})
			if err := over(t, base).Do(t.Context(), method, "/me/something-new", nil, map[string]int{"n": 1}, nil); err == nil ||
				base.count() != 1 {
				t.Errorf("Do: %s, %d: %v after %s", method, status, err, base.requests())
			}
		}
		base := responding(redirect, response{body: `{"snapshot_id":"x"}`})
		client := over(t, base)
		err := client.Library.Save(t.Context(), "spotify:album:"+albumID)
		if err == nil || base.count() != 1 || !strings.Contains(err.Error(), http.StatusText(status)) ||
			!strings.Contains(err.Error(), "redirect") {
			t.Errorf("Library.Save, %d: %v after %s", status, err, base.requests())
		}
		// A redirected GET is followed.
		base = responding(redirect, response{body: album})
		if got, err := over(t, base).Albums.Get(t.Context(), albumID, nil); err != nil || got.Name != "An album" ||
			base.count() != 2 {
			t.Errorf("Albums.Get, %d: %v after %s", status, err, base.requests())
		}
	}
}

// TestFaultsRedirectedPart: if the second of a write's two requests is redirected, PartialError
// counts only the first.
func TestFaultsRedirectedPart(t *testing.T) {
	base := responding(
		response{body: `{"snapshot_id":"one"}`},
		response{status: 302, header: []string{"Location", "/v1/elsewhere"}},
		response{body: `{"snapshot_id":"two"}`},
	)
	uris := make([]string, 150)
	for i := range uris {
		uris[i] = "spotify:track:" + albumID
	}
	_, err := over(t, base).Playlists.AddItems(t.Context(), playlistID, uris, nil)
	half, ok := errors.AsType[*resources.PartialError](err)
	if !ok || half.Done != 100 || half.SnapshotID != "one" || base.count() != 2 {
		t.Errorf("%#v after %s", err, base.requests())
	}
}

// TestFaultsUnasked3xx: errors about unexpected status codes do not blame a missing middleware.
func TestFaultsUnasked3xx(t *testing.T) {
	for _, status := range []int{300, 304, 305, 306, 399} {
		for name, call := range calls {
			base := responding(response{status: status})
			err := call.do(t, over(t, base))
			odd, ok := errors.AsType[*resources.StatusError](err)
			if !ok || odd.Status != status || base.count() != 1 || strings.Contains(err.Error(), "DecodeErrors") ||
				strings.Contains(err.Error(), "chain") {
				t.Errorf("%s, %d: %v after %d attempts", name, status, err, base.count())
			}
		}
	}
	for _, status := range []int{202, 204, 206, 226} { // successes without the requested album
		if _, err := over(t, responding(response{status: status})).Albums.Get(t.Context(), albumID, nil); !errors.Is(
			err,
			resources.ErrEmpty,
		) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

package api_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/mock/internal/route"
)

// sample returns the path of a request that an operation accepts, query included.
func sample(op *operations.Operation) string {
	path := op.Path
	for of, id := range map[string]string{
		"/albums/": mock.AlbumID, "/artists/": mock.ArtistID, "/audiobooks/": mock.AudiobookID,
		"/chapters/": mock.ChapterID, "/episodes/": mock.EpisodeID, "/shows/": mock.ShowID,
		"/tracks/": mock.TrackID, "/audio-features/": mock.TrackID, "/audio-analysis/": mock.TrackID,
	} {
		path = strings.Replace(path, of+"{id}", of+id, 1)
	}
	path = strings.NewReplacer(
		"{playlist_id}",
		mock.PlaylistID,
		"{user_id}",
		mock.UserID,
		"{category_id}",
		"dinner",
	).Replace(
		path,
	)
	query := map[string]string{
		"search": "q=low&type=track", "get-recommendations": "seed_tracks=" + mock.TrackID, "get-followed": "type=artist",
		"check-current-user-follows":                  "type=artist&ids=" + mock.ArtistID,
		"follow-artists-users":                        "type=artist&ids=" + mock.ArtistID,
		"unfollow-artists-users":                      "type=artist&ids=" + mock.ArtistID,
		"check-if-user-follows-playlist":              "ids=" + mock.UserID,
		"seek-to-position-in-currently-playing-track": "position_ms=1", "set-repeat-mode-on-users-playback": "state=off",
		"set-volume-for-users-playback":     "volume_percent=1",
		"toggle-shuffle-for-users-playback": "state=true", "add-to-queue": "uri=" + trackURI,
	}[op.Name]
	switch {
	case query != "" || !byIDs(op) && !strings.HasPrefix(path, "/me/library"):
	case strings.HasPrefix(path, "/me/library"):
		query = "uris=" + trackURI
	default:
		query = "ids=" + idOf(path)
	}
	if query != "" {
		path += "?" + query
	}
	return path
}

// idOf returns an id for a path.
func idOf(path string) string {
	for _, about := range []struct{ word, id string }{
		{"albums", mock.AlbumID}, {"artists", mock.ArtistID}, {"audiobooks", mock.AudiobookID}, {"chapters",
			mock.ChapterID}, {"episodes", mock.EpisodeID}, {"shows", mock.ShowID},
	} {
		if strings.Contains(path, about.word) {
			return about.id
		}
	}
	return mock.TrackID
}

// sampleBody returns the body that an operation needs, empty for none.
func sampleBody(op *operations.Operation) string {
	switch op.Name {
	case "create-playlist", "create-playlist-for-user", "change-playlist-details":
		return `{"name":"New"}`
	case "add-items-to-playlist",
		"add-tracks-to-playlist",
		"reorder-or-replace-playlists-items",
		"reorder-or-replace-playlists-tracks":
		return `{"uris":["` + trackURI + `"]}`
	case "remove-items-playlist":
		return `{"items":[{"uri":"` + trackURI + `"}]}`
	case "remove-tracks-playlist":
		return `{"tracks":[{"uri":"` + trackURI + `"}]}`
	case "transfer-a-users-playback":
		return `{"device_ids":["` + mock.DeviceID + `"]}`
	case "upload-custom-playlist-cover":
		return "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP" + strings.Repeat("/", 86) +
			"wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
	}
	return ""
}

func sampleRequest(t *testing.T, op *operations.Operation, headers ...string) *http.Request {
	t.Helper()
	body := sampleBody(op)
	if op.Name == "upload-custom-playlist-cover" {
		headers = append(headers, "Content-Type", "image/jpeg")
	} else if body != "" {
		headers = append(headers, "Content-Type", "application/json")
	}
	return mocktest.Request(t, op.Method, sample(op), body, headers...)
}

// personal reports whether an operation needs a token of a user.
func personal(op *operations.Operation) bool {
	return op.Method != http.MethodGet || op.Path == "/me" || strings.HasPrefix(op.Path, "/me/")
}

func refused(status int, message string) string {
	return fmt.Sprintf(`%d {"error":{"status":%d,"message":%q}}`, status, status, message)
}

// Every operation accepts its sample; otherwise the refusals below would prove nothing.
func TestEveryOperationAnswers(t *testing.T) {
	for _, op := range operations.All() {
		tr := mock.New(t, mock.WithExtendedQuota())
		switch op.Name {
		case "pause-a-users-playback",
			"skip-users-playback-to-previous-track": // something has to play, and something before it
			tell(t, tr, nil, step{"PUT /me/player/play", "", 204, nothing}, step{"POST /me/player/next", "", 204, nothing})
		}
		if r := mocktest.Send(tr, sampleRequest(t, &op)); r.Status >= 300 {
			t.Errorf("%s %s: %v", op.Method, sample(&op), r)
		}
	}
}

// The errors that many operations share are the same for all of them, in Spotify's words.
func TestEveryOperationIsStrict(t *testing.T) {
	for name, c := range map[string]struct {
		applies func(*operations.Operation) bool
		opts    []mock.Option
		change  func(*operations.Operation, *http.Request)
		want    string
	}{
		"no token": {func(*operations.Operation) bool { return true }, nil,
			func(_ *operations.Operation, r *http.Request) { r.Header.Del("Authorization") },
			refused(401, "No token provided")},
		"development mode": {func(op *operations.Operation) bool {
			return (op.Access == operations.ExtendedQuota || op.Access == operations.Legacy) && !recommends(op)
		},
			[]mock.Option{mock.WithDevelopmentMode()}, nil, refused(403, "Forbidden")},
		"older development mode": {func(op *operations.Operation) bool {
			return op.Access == operations.Legacy && !recommends(op)
		},
			[]mock.Option{mock.WithOlderDevelopmentMode()}, nil, refused(403, "Forbidden")},
		"recommendations in development mode": {recommends, []mock.Option{mock.WithDevelopmentMode()}, nil,
			refused(404, "Not Found")},
		"recommendations in older development mode": {recommends, []mock.Option{mock.WithOlderDevelopmentMode()}, nil,
			refused(404, "Not Found")},
		"no scope": {func(op *operations.Operation) bool {
			return len(op.Scopes) > 0 && personal(op) && op.Name != "get-current-users-profile" &&
				op.Name != "get-a-list-of-current-users-playlists"
		},
			[]mock.Option{mock.WithExtendedQuota(), mock.WithScopes()}, nil, refused(403, "Insufficient client scope")},
		"no limit of 0": {func(op *operations.Operation) bool { return op.MaxLimit > 0 }, nil, given("limit=0"),
			refused(400, "Invalid limit")},
		"a negative limit": {func(op *operations.Operation) bool { return op.MaxLimit > 0 }, nil, given("limit=-1"),
			refused(400, "Invalid limit")},
		"a limit of words": {func(op *operations.Operation) bool { return op.MaxLimit > 0 }, nil, given("limit=many"),
			refused(400, "Invalid limit")},
		"too high a limit": {func(op *operations.Operation) bool { return op.MaxLimit > 0 }, nil,
			func(op *operations.Operation, r *http.Request) {
				given(fmt.Sprintf("limit=%d", op.MaxLimit+1))(op,
					r)
			}, refused(400, "Invalid limit")},
		"a limit for others": {func(op *operations.Operation) bool { return op.DevelopmentMaxLimit > 0 },
			[]mock.Option{mock.WithDevelopmentMode()},
			func(op *operations.Operation, r *http.Request) {
				given(fmt.Sprintf("limit=%d", op.DevelopmentMaxLimit+1))(op, r)
			}, refused(400, "Invalid limit")},
		"a negative offset":  {paged, nil, given("offset=-1"), refused(400, "Invalid offset")},
		"an offset of words": {paged, nil, given("offset=far"), refused(400, "Invalid offset")},
		"no market":          {marketed, nil, given("market=Sweden"), refused(400, "Invalid market code")},
		"too many ids": {byIDs, nil, func(op *operations.Operation, r *http.Request) {
			setQuery(r, "ids", strings.Repeat(idOf(op.Path)+",", op.MaxItems)+idOf(op.Path))
		}, refused(400, "too many ids requested")},
		"no id": {byIDs, nil, func(_ *operations.Operation, r *http.Request) { setQuery(r, "ids", "short") },
			refused(400, "Invalid base62 id")},
		"a short id": {func(op *operations.Operation) bool { return strings.HasSuffix(op.Path, "{id}") }, nil,
			func(_ *operations.Operation, r *http.Request) { r.URL.Path = r.URL.Path[:len(r.URL.Path)-1] }, refused(400,
				"Invalid base62 id")},
		"another id": {func(op *operations.Operation) bool { return strings.Contains(op.Path, "{id}") }, nil,
			func(op *operations.Operation, r *http.Request) {
				r.URL.Path = strings.Replace(r.URL.Path, route.Segments(r.URL.Path)[2], nobodyID, 1)
			}, refused(404, "Resource not found")},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for _, op := range operations.All() {
				if !c.applies(&op) {
					continue
				}
				n++
				opts := c.opts
				if opts == nil {
					opts = []mock.Option{mock.WithExtendedQuota()}
				}
				req := sampleRequest(t, &op)
				if c.change != nil {
					c.change(&op, req)
				}
				if r := mocktest.Send(mock.New(t, opts...), req); r.String() != c.want {
					t.Errorf("%s %s: %.200v, want %s", op.Method, req.URL, r, c.want)
				}
			}
			if n == 0 {
				t.Error("for no operation")
			}
		})
	}
}

// A token of an app has no user.
func TestPersonalOperationsWantAUser(t *testing.T) {
	tr := mock.New(t, mock.WithExtendedQuota())
	app := mocktest.AppToken(t, tr)
	for _, op := range operations.All() {
		r := mocktest.Send(tr, sampleRequest(t, &op, "Authorization", "Bearer "+app))
		if unwanted := r.String() == refused(401, "Valid user authentication required"); unwanted != personal(&op) {
			t.Errorf("%s %s: %.200v", op.Method, op.Path, r)
		}
	}
}

// A request without a body needs Content-Length 0, which net/http sends for http.NoBody only.
func TestLengthIsRequired(t *testing.T) {
	for _, op := range operations.All() {
		if op.Method != http.MethodPut && op.Method != http.MethodPost {
			continue
		}
		req := sampleRequest(t, &op)
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader("")), -1
		if r := mocktest.Send(mock.New(t, mock.WithExtendedQuota()), req); r.Status != http.StatusLengthRequired ||
			!strings.HasPrefix(r.Body, "<!DOCTYPE html>") {
			t.Errorf("%s %s: %.200v", op.Method, op.Path, r)
		}
	}
}

// Errors of one operation have their own texts.
func TestStrictness(t *testing.T) {
	for path, want := range map[string]string{
		"/search?type=track":                                            refused(400, "No search query"),
		"/search?q=low":                                                 refused(400, "Missing parameter type"),
		"/search?q=low&type=track,song":                                 refused(400, "Bad search type field song"),
		"/search?q=low&type=track&limit=11":                             refused(400, "Invalid limit"),
		"/search?q=low&type=track&offset=996":                           refused(400, "Invalid offset"),
		"/artists/" + mock.ArtistID + "/albums?limit=11":                refused(400, "Invalid limit"),
		"/artists/" + mock.ArtistID + "/albums?include_groups=album,ep": refused(400, "Invalid value for include_groups"),
		"/me/top/artists?time_range=yesterday":                          refused(400, "Invalid time range"),
		"/me/top/albums":                                                refused(404, "Service not found"),
		"/albums/" + mock.AlbumID + "//":                                refused(404, "Service not found"),
		"/me/player/recently-played/?limit=10":                          refused(404, "Service not found"),
		"/me/apps":                                                      refused(410, "Gone"),
		"/me/chapters?ids=" + mock.ChapterID:                            refused(410, "Gone"),
	} {
		if r := mocktest.Get(t, mock.New(nil), path); r.String() != want {
			t.Errorf("%s: %.200v, want %s", path, r, want)
		}
	}
	for path, want := range map[string]string{
		"/recommendations":                                 refused(400, "invalid request"),
		"/recommendations?seed_genres=a,b,c,d,e,f":         refused(400, "invalid request"),
		"/recommendations?seed_genres=folk&min_tempo=fast": refused(400, "invalid request"),
		"/browse/categories/nothing":                       refused(404, "Specified id doesn't exist"),
		"/albums":                                          refused(400, "Missing required field: ids"),
	} {
		if r := mocktest.Get(t, mock.New(t, mock.WithExtendedQuota()), path); r.String() != want {
			t.Errorf("%s: %.200v, want %s", path, r, want)
		}
	}
}

// Spotify ignores a slash at the end of a path.
func TestTrailingSlashes(t *testing.T) {
	tr := mock.New(t, mock.WithExtendedQuota())
	for _, path := range []string{
		"/me", "/search?q=low&type=track", "/tracks?ids=" + mock.TrackID, "/albums/" + mock.AlbumID, "/me/player",
	} {
		plain, query, _ := strings.Cut(path, "?")
		want, got := mocktest.Get(t, tr, path), mocktest.Get(t, tr, plain+"/?"+query)
		if want.Status != 200 || got.String() != want.String() {
			t.Errorf("%s: %.200v with a slash, want %.200v", path, got, want)
		}
	}
	tr.On("GET", "/albums/"+mock.AlbumID).Respond(503, "")
	if r := mocktest.Get(t, tr, "/albums/"+mock.AlbumID+"/"); r.Status != 503 {
		t.Errorf("a rule does not apply: %.200v", r)
	}
	tr.AssertCallCount(t, "GET /albums/"+mock.AlbumID, 3)
}

// The older path of a playlist's items takes an array of URIs as its body. The library's older
// paths take none.
func TestBareArraysAsBodies(t *testing.T) {
	uris, ids := `["spotify:track:`+mock.TrackID+`"]`, ` ["`+mock.TrackID+`"]`
	for line, want := range map[string]string{
		"POST /playlists/" + mock.PlaylistID + "/tracks " + uris: "201",
		"POST /playlists/" + mock.PlaylistID + "/items " + uris:  refused(400, msgNotDefined),
		"PUT /playlists/" + mock.PlaylistID + "/tracks " + uris:  refused(400, msgNotDefined),
		"POST /playlists/" + mock.PlaylistID + "/tracks [1]":     refused(400, msgNotDefined),
		"POST /playlists/" + mock.PlaylistID + "/tracks []":      refused(400, "No uris provided"),
		"PUT /me/tracks " + ids:                                  refused(400, "Missing required field: ids"),
		"DELETE /me/tracks " + ids:                               refused(400, "Missing required field: ids"),
		"PUT /me/albums " + ids:                                  refused(400, "Missing required field: ids"),
		"DELETE /me/albums " + ids:                               refused(400, "Missing required field: ids"),
		"PUT /me/tracks?ids=" + mock.TrackID + " " + ids:         "200",
	} {
		tr := mock.New(t, mock.WithExtendedQuota())
		method, rest, _ := strings.Cut(line, " ")
		path, body, _ := strings.Cut(rest, " ")
		r := mocktest.Send(tr, mocktest.Request(t, method, path, body, "Content-Type", "application/json"))
		if !strings.HasPrefix(r.String(), want) {
			t.Errorf("%s: %.200v, want %s", line, r, want)
		}
		if r.Status == 201 {
			page := mocktest.Get(t, tr, "/playlists/"+mock.PlaylistID+"/tracks?offset=0&limit=100&fields=items(track.id)")
			if !strings.HasSuffix(page.Body, mock.TrackID+`"}}]}`) {
				t.Errorf("%s: the track is not in the playlist: %.300s", line, page.Body)
			}
		}
	}
}

const msgNotDefined = "JSON body does not adhere to the defined endpoint parameters"

// recommends reports whether apps in development mode get 404 for an operation.
func recommends(op *operations.Operation) bool { return strings.HasPrefix(op.Path, "/recommendations") }

// A show lists its markets where a market is given too, also within an episode.
func TestMarketsOfShowsStay(t *testing.T) {
	tr := mock.New(t, mock.WithExtendedQuota())
	type markets struct {
		Show struct {
			Markets []string `json:"available_markets"`
		}
	}
	if e := mocktest.FetchJSON[markets](t, tr, "/episodes/"+mock.EpisodeID+"?market=SE"); len(e.Show.Markets) == 0 {
		t.Error("the show of an episode has no available_markets")
	}
	if r := mocktest.Get(t, tr, "/shows/"+mock.ShowID+"?market=SE"); !strings.Contains(r.Body, `"available_markets"`) {
		t.Errorf("the show has no available_markets: %.300v", r)
	}
}

// paged reports whether an operation takes an offset.
func paged(op *operations.Operation) bool {
	return op.MaxLimit > 0 && op.Name != "get-followed" && op.Name != "get-recently-played" &&
		op.Name != "get-recommendations"
}

func byIDs(op *operations.Operation) bool {
	return op.MaxItems > 0 && !strings.Contains(op.Path, "/playlists/") && !strings.Contains(op.Path, "/library") &&
		!strings.Contains(op.Path, "/player")
}

// marketed reports whether an operation takes a market.
func marketed(op *operations.Operation) bool {
	switch op.Name {
	case "search",
		"get-recommendations",
		"get-playlist",
		"get-playlists-items",
		"get-playlists-tracks",
		"get-an-artists-albums",
		"get-an-artists-top-tracks",
		"get-users-saved-albums",
		"get-users-saved-tracks",
		"get-users-saved-episodes",
		"get-information-about-the-users-current-playback",
		"get-the-users-currently-playing-track":
		return true
	}
	about, _, _ := strings.Cut(op.Path[1:], "/")
	return op.Method == http.MethodGet &&
		slices.Contains([]string{"albums", "tracks", "shows", "episodes", "audiobooks", "chapters"}, about)
}

func given(parameter string) func(*operations.Operation, *http.Request) {
	return func(_ *operations.Operation, r *http.Request) {
		name, value, _ := strings.Cut(parameter, "=")
		setQuery(r, name, value)
	}
}

func setQuery(r *http.Request, name, value string) {
	q := r.URL.Query()
	q.Set(name, value)
	r.URL.RawQuery = q.Encode()
}

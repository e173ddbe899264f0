package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
	"github.com/seed-2147f1a9/spotify/resources"
)

// members returns the sorted names of a response's members.
func members(t *testing.T, tr *mock.Transport, path string) string {
	t.Helper()
	all := mocktest.FetchJSON[map[string]json.RawMessage](t, tr, path)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// The members of a profile depend on the app's access and on the token's scopes.
func TestProfile(t *testing.T) {
	const always = "account_id display_name external_urls href id images type uri"
	for name, c := range map[string]struct {
		opts []mock.Option
		want string
	}{
		"development mode": {nil, always},
		"extended quota": {[]mock.Option{mock.WithExtendedQuota()},
			"account_id country display_name email explicit_content external_urls followers href id images product type uri"},
		"without a scope": {[]mock.Option{mock.WithExtendedQuota(), mock.WithScopes()},
			"account_id display_name external_urls followers href id images type uri"},
		"scope of the email": {[]mock.Option{mock.WithExtendedQuota(), mock.WithScopes(auth.ScopeUserReadEmail)},
			"account_id display_name email external_urls followers href id images type uri"},
		"scope of what is private": {[]mock.Option{mock.WithExtendedQuota(), mock.WithScopes(auth.ScopeUserReadPrivate)},
			"account_id country display_name explicit_content external_urls followers href id images product type uri"},
	} {
		tr := mock.New(t, c.opts...)
		if got := members(t, tr, "/me"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	tr := mock.New(t, mock.WithExtendedQuota())
	if got, want := members(t, tr,
		"/users/"+mock.UserID), "display_name external_urls followers href id images type uri"; got != want {
		t.Errorf("a user: %s", got)
	}
	if other := mocktest.FetchJSON[resources.PublicUser](t, tr, "/users/j%C3%B6rg%2F88"); other.DisplayName != "Jörg" ||
		other.Href != "https://api.spotify.com/v1/users/j%C3%B6rg%2F88" {
		t.Errorf("an id that needs escapes: %+v", other)
	}
	if r := mocktest.Get(t, tr, "/users/nobody"); r.Status != 404 {
		t.Errorf("%+v", r)
	}
}

// Apps in development mode do not get the fields that Spotify removed in February 2026.
func TestFieldsOfASurface(t *testing.T) {
	gone := map[string][]string{
		"/tracks/" + mock.TrackID:                        {"available_markets", "popularity"},
		"/tracks/" + mock.RelinkedTrackID + "?market=SE": {"linked_from", "popularity"},
		"/albums/" + mock.AlbumID:                        {"available_markets", "label", "popularity"},
		"/artists/" + mock.ArtistID:                      {"followers", "popularity"},
		"/shows/" + mock.ShowID:                          {"available_markets", "publisher"},
		"/audiobooks/" + mock.AudiobookID:                {"available_markets", "publisher"},
		"/chapters/" + mock.ChapterID:                    {"available_markets"},
	}
	development, extended := mock.New(t), mock.New(t, mock.WithExtendedQuota())
	for path, fields := range gone {
		less, more := strings.Fields(members(t, development, path)), strings.Fields(members(t, extended, path))
		for _, f := range fields {
			if slices.Contains(less, f) || !slices.Contains(more, f) {
				t.Errorf(
					"%s: %s is in development mode: %v, with extended quota: %v",
					path,
					f,
					slices.Contains(less, f),
					slices.Contains(more, f),
				)
			}
		}
	}
}

func TestTop(t *testing.T) {
	c := catalogue.New()
	one, two := c.AddTrack(
		catalogue.Track{Name: "One", Artists: []string{"A"}},
	), c.AddTrack(
		catalogue.Track{Name: "Two", Artists: []string{"B"}},
	)
	c.SetTop("", "spotify:track:"+two, "spotify:track:"+one, "spotify:artist:"+ids.New("artist", "B"))
	tr := mock.New(t, mock.WithCatalogue(c))
	tracks := mocktest.FetchJSON[resources.Page[resources.Track]](t, tr, "/me/top/tracks?limit=1&time_range=short_term")
	if tracks.Total != 2 || len(tracks.Items) != 1 || tracks.Items[0].ID != two ||
		!strings.Contains(tracks.Next, "time_range=short_term") {
		t.Errorf("%+v", tracks)
	}
	artists := mocktest.FetchJSON[resources.Page[resources.Artist]](t, tr, "/me/top/artists")
	if artists.Total != 1 || artists.Items[0].Name != "B" {
		t.Errorf("%+v", artists)
	}
}

func TestFeaturesAndAnalysisAgree(t *testing.T) {
	tr := mock.New(t, mock.WithExtendedQuota())
	f := mocktest.FetchJSON[resources.AudioFeatures](t, tr, "/audio-features/"+mock.TrackID)
	track := mocktest.FetchJSON[resources.Track](t, tr, "/tracks/"+mock.TrackID)
	if f.ID != mock.TrackID || f.Duration() != track.Duration() || f.TrackHref != track.Href ||
		!strings.HasSuffix(f.AnalysisURL, "/audio-analysis/"+mock.TrackID) {
		t.Errorf("%+v", f)
	}
	for name, n := range map[string]float64{"acousticness": f.Acousticness, "danceability": f.Danceability,
		"energy": f.Energy, "instrumentalness": f.Instrumentalness,
		"liveness": f.Liveness, "speechiness": f.Speechiness, "valence": f.Valence} {
		if n < 0 || n > 1 {
			t.Errorf("%s is %v", name, n)
		}
	}
	a := mocktest.FetchJSON[resources.AudioAnalysis](t, tr, "/audio-analysis/"+mock.TrackID)
	seconds := track.Duration().Seconds()
	if a.Track.Tempo != f.Tempo || a.Track.Key != f.Key || a.Track.Duration != seconds ||
		a.Track.NumSamples != int(seconds*22_050) {
		t.Errorf("%+v, features %+v", a.Track, f)
	}
	if beats := seconds * f.Tempo / 60; math.Abs(float64(len(a.Beats))-beats) > 1 ||
		len(a.Bars) < len(a.Beats)/f.TimeSignature ||
		len(a.Tatums) < 2*len(a.Beats)-1 ||
		len(a.Segments) != len(a.Beats) {
		t.Errorf(
			"%d beats, want %.1f; %d bars, %d tatums, %d segments",
			len(a.Beats),
			beats,
			len(a.Bars),
			len(a.Tatums),
			len(a.Segments),
		)
	}
	for what, parts := range map[string][]resources.TimeInterval{"beats": a.Beats, "bars": a.Bars, "tatums": a.Tatums} {
		if last := parts[len(parts)-1]; math.Abs(last.Start+last.Duration-seconds) > 0.01 {
			t.Errorf("%s end at %v, the track at %v", what, last.Start+last.Duration, seconds)
		}
	}
	many := mocktest.FetchJSON[struct {
		AudioFeatures []*resources.AudioFeatures `json:"audio_features"`
	}](t, tr, "/audio-features?ids="+mock.TrackID+",0000000000000000000000").AudioFeatures
	if len(many) != 2 || many[0] == nil || *many[0] != f || many[1] != nil {
		t.Errorf("%+v", many)
	}
}

func recommendable() *catalogue.Catalogue {
	c := catalogue.New()
	c.AddArtist(catalogue.Artist{Name: "Seed", Genres: []string{"folk", "pop"}})
	c.AddArtist(catalogue.Artist{Name: "Kin", Genres: []string{"folk"}})
	c.AddArtist(catalogue.Artist{Name: "Stranger", Genres: []string{"metal"}})
	c.AddTrack(catalogue.Track{Name: "Own", Artists: []string{"Seed"}, Popularity: 90})
	c.AddTrack(catalogue.Track{Name: "Near", Artists: []string{"Kin"}, Popularity: 50})
	c.AddTrack(catalogue.Track{Name: "Here only", Artists: []string{"Kin"}, Popularity: 40, Markets: []string{"DE"}})
	c.AddTrack(catalogue.Track{Name: "Far", Artists: []string{"Stranger"}, Popularity: 10})
	return c
}

func TestRecommendations(t *testing.T) {
	c := recommendable()
	own := c.Contents().Albums[0].Tracks[0].ID
	tr := mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota())
	for name, q := range map[string]struct{ query, want string }{
		"by artist":           {"seed_artists=" + ids.New("artist", "Seed"), "Own|Near|Here only"},
		"by genre":            {"seed_genres=metal", "Far"},
		"by a track":          {"seed_tracks=" + own, "Near|Here only"},
		"by two":              {"seed_genres=metal,folk", "Far|Own|Near|Here only"},
		"nothing like it":     {"seed_genres=polka", ""},
		"at least":            {"seed_genres=folk&min_popularity=50", "Own|Near"},
		"at most":             {"seed_genres=folk&max_popularity=50", "Near|Here only"},
		"closest first":       {"seed_genres=folk&target_popularity=42", "Here only|Near|Own"},
		"in a market":         {"seed_genres=folk&market=SE", "Own|Near"},
		"limited":             {"seed_genres=folk&limit=1", "Own"},
		"of which few remain": {"seed_genres=folk&market=SE&max_popularity=50", "Near"},
	} {
		r := mocktest.FetchJSON[resources.RecommendationsResult](t, tr, "/recommendations?"+q.query)
		var got []string
		for _, track := range r.Tracks {
			got = append(got, track.Name)
		}
		if strings.Join(got, "|") != q.want || len(r.Seeds) == 0 {
			t.Errorf("%s: %q, want %q", name, got, q.want)
		}
		if name == "of which few remain" {
			if s := r.Seeds[0]; s.InitialPoolSize != 3 || s.AfterFilteringSize != 2 || s.AfterRelinkingSize != 1 ||
				s.ID != "folk" ||
				s.Type != "GENRE" ||
				s.Href != "" {
				t.Errorf("%+v", s)
			}
		}
	}
	if genres := mocktest.FetchJSON[struct{ Genres []string }](t, tr,
		"/recommendations/available-genre-seeds").Genres; !slices.Equal(
		genres,
		[]string{"folk", "metal", "pop"},
	) {
		t.Errorf("%q", genres)
	}
}

func TestCategoriesAndMarkets(t *testing.T) {
	c := catalogue.New()
	soup, rain, secret := c.AddPlaylist(
		catalogue.Playlist{Name: "Soup"},
	), c.AddPlaylist(
		catalogue.Playlist{Name: "Rain"},
	), c.AddPlaylist(
		catalogue.Playlist{Name: "Secret", Private: true},
	)
	c.AddCategory(catalogue.Category{ID: "dinner", Name: "Dinner", Playlists: []string{soup}})
	c.AddCategory(catalogue.Category{ID: "focus", Name: "Focus", Playlists: []string{rain, secret, soup}})
	c.AddCategory(catalogue.Category{ID: "sleep", Name: "Sleep"})
	tr := mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota())
	page := mocktest.FetchJSON[struct {
		Categories resources.Page[resources.Category]
	}](t, tr, "/browse/categories?limit=2&offset=1").Categories
	if page.Total != 3 || len(page.Items) != 2 || page.Items[0].ID != "focus" || page.Next != "" || page.Previous == "" {
		t.Errorf("%+v", page)
	}
	one := mocktest.FetchJSON[resources.Category](t, tr, "/browse/categories/sleep")
	if one.Name != "Sleep" || one.Href != "https://api.spotify.com/v1/browse/categories/sleep" || len(one.Icons) != 1 {
		t.Errorf("%+v", one)
	}
	for path, want := range map[string]string{
		"/browse/categories/focus/playlists":         "Focus: Rain, Soup of 2",
		"/browse/categories/focus/playlists?limit=1": "Focus: Rain of 2",
		"/browse/categories/sleep/playlists":         "Sleep:  of 0",
		"/browse/featured-playlists":                 "Popular Playlists: Soup, Rain of 2",
	} {
		got := mocktest.FetchJSON[struct {
			Message   string
			Playlists resources.Page[struct{ Name string }]
		}](t, tr, path)
		var names []string
		for _, p := range got.Playlists.Items {
			names = append(names, p.Name)
		}
		if text := fmt.Sprintf("%s: %s of %d", got.Message, strings.Join(names, ", "), got.Playlists.Total); text != want {
			t.Errorf("%s: %s, want %s", path, text, want)
		}
	}
	if r := mocktest.Get(t, tr, "/browse/categories/nothing"); r.Status != 404 ||
		!strings.Contains(r.Body, "Specified id doesn't exist") {
		t.Errorf("%+v", r)
	}
	if list := mocktest.FetchJSON[struct{ Markets []string }](t, tr, "/markets").Markets; !slices.Equal(
		list,
		[]string{"DE", "SE", "US"},
	) {
		t.Errorf("%q", list)
	}
}

func TestSpokenLists(t *testing.T) {
	tr := mock.New(t)
	for path, within := range map[string]string{"/shows/" + mock.ShowID + "/episodes": mock.EpisodeID,
		"/audiobooks/" + mock.AudiobookID + "/chapters": mock.ChapterID} {
		page := mocktest.FetchJSON[resources.Page[struct{ ID string }]](t, tr, path+"?limit=50")
		if !slices.ContainsFunc(page.Items, func(i struct{ ID string }) bool { return i.ID == within }) {
			t.Errorf("%s: %+v", path, page)
		}
	}
}

package resources

import (
	"context"
	"iter"
	"testing"
)

// One id for each kind, for the tables.
var (
	albumA, artistA, audiobookA = anID('a'), anID('b'), anID('c')
	chapterA, episodeA, showA   = anID('d'), anID('e'), anID('s')
	trackA, trackB              = anID('t'), anID('u')
)

// operationCase is one call of one method: its request, a response, and a function that returns a
// value of the result, which must be "seen".
type operationCase struct {
	want     string
	response string
	call     func(context.Context, *Services) (string, error)
}

const (
	seenItem = `{"id":"x","name":"seen"}`
	seenPage = `{"items":[{"id":"x","name":"seen"}],"limit":50,"total":1}`
)

// first returns the name of a page's first item.
func first[T any](page *Page[T], err error, name func(*T) string) (string, error) {
	if err != nil {
		return "", err
	}
	return name(&page.Items[0]), nil
}

// firstOf returns the name of an iterator's first item.
func firstOf[T any](seq iter.Seq2[T, error], name func(*T) string) (string, error) {
	for item, err := range seq {
		return name(&item), err
	}
	return "no items", nil
}

var catalogueCases = map[string]operationCase{
	"Albums.Get": {
		"GET /albums/" + albumA + "?market=DE",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Albums.Get(ctx, "spotify:album:"+albumA, &GetParams{Market: "DE"})
			return got.Name, err
		},
	},
	"Albums.Tracks": {
		"GET /albums/" + albumA + "/tracks?market=from_token&limit=50&offset=100",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Albums.Tracks(ctx, albumA, &PageParams{Limit: 50, Offset: 100, Market: "from_token"})
			return first(got, err, func(t *SimplifiedTrack) string { return t.Name })
		},
	},
	"Albums.AllTracks": {
		"GET /albums/" + albumA + "/tracks?limit=50",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Albums.AllTracks(ctx, albumA, nil), func(t *SimplifiedTrack) string { return t.Name })
		},
	},
	"Albums.Saved": {
		"GET /me/albums",
		`{"items":[{"album":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Albums.Saved(ctx, nil)
			return first(got, err, func(t *SavedAlbum) string { return t.Album.Name })
		},
	},
	"Albums.AllSaved": {
		"GET /me/albums?market=DE&limit=7&offset=3",
		`{"items":[{"album":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Albums.AllSaved(ctx, &PageParams{7, 3, "DE"}), func(t *SavedAlbum) string { return t.Album.Name })
		},
	},
	"Artists.Get": {"GET /artists/" + artistA, seenItem, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Artists.Get(ctx, "https://open.spotify.com/intl-de/artist/"+artistA+"?si=1")
		return got.Name, err
	}},
	"Artists.Albums": {
		"GET /artists/" + artistA + "/albums?include_groups=album%2Cappears_on&market=DE&limit=10&offset=20",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Artists.Albums(
				ctx,
				artistA,
				&ArtistAlbumsParams{
					IncludeGroups: []AlbumGroup{AlbumGroupAlbum, AlbumGroupAppearsOn},
					Market:        "DE",
					ListParams:    ListParams{Limit: 10, Offset: 20},
				},
			)
			return first(got, err, func(a *SimplifiedAlbum) string { return a.Name })
		},
	},
	"Artists.AllAlbums": {
		"GET /artists/" + artistA + "/albums?include_groups=single&market=DE&limit=10",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Artists.AllAlbums(ctx, artistA, &ArtistAlbumsParams{IncludeGroups: []AlbumGroup{AlbumGroupSingle}, Market: "DE"}),
				func(a *SimplifiedAlbum) string { return a.Name },
			)
		},
	},
	"Artists.TopTracks": {
		"GET /artists/" + artistA + "/top-tracks?market=DE",
		`{"tracks":[null,` + seenItem + `]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Artists.TopTracks(ctx, artistA, &GetParams{"DE"})
			return got[0].Name, err
		},
	},
	"Artists.RelatedArtists": {
		"GET /artists/" + artistA + "/related-artists",
		`{"artists":[` + seenItem + `]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Artists.RelatedArtists(ctx, artistA)
			return got[0].Name, err
		},
	},
	"Audiobooks.Get": {
		"GET /audiobooks/" + audiobookA + "?market=DE",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Audiobooks.Get(ctx, "spotify:show:"+audiobookA, &GetParams{"DE"})
			return got.Name, err
		},
	},
	"Audiobooks.Chapters": {
		"GET /audiobooks/" + audiobookA + "/chapters?market=DE&limit=2&offset=1",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Audiobooks.Chapters(ctx, audiobookA, &PageParams{2, 1, "DE"})
			return first(got, err, func(c *SimplifiedChapter) string { return c.Name })
		},
	},
	"Audiobooks.AllChapters": {
		"GET /audiobooks/" + audiobookA + "/chapters?limit=50",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Audiobooks.AllChapters(ctx, audiobookA, nil), func(c *SimplifiedChapter) string { return c.Name })
		},
	},
	"Audiobooks.Saved": {
		"GET /me/audiobooks?limit=5",
		`{"items":[{"audiobook":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Audiobooks.Saved(ctx, &ListParams{Limit: 5})
			return first(got, err, func(a *SavedAudiobook) string { return a.Audiobook.Name })
		},
	},
	"Audiobooks.AllSaved": {
		"GET /me/audiobooks?limit=50",
		`{"items":[` + seenItem + `]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Audiobooks.AllSaved(ctx, nil), func(a *SavedAudiobook) string { return a.Audiobook.Name })
		},
	},
	"Browse.NewReleases": {
		"GET /browse/new-releases?limit=1&offset=2",
		`{"albums":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Browse.NewReleases(ctx, &ListParams{1, 2})
			return first(got, err, func(a *SimplifiedAlbum) string { return a.Name })
		},
	},
	"Browse.AllNewReleases": {
		"GET /browse/new-releases?limit=50",
		`{"albums":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Browse.AllNewReleases(ctx, nil), func(a *SimplifiedAlbum) string { return a.Name })
		},
	},
	"Browse.Categories": {
		"GET /browse/categories?locale=es_MX&limit=1&offset=2",
		`{"categories":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Browse.Categories(ctx, &CategoriesParams{ListParams{1, 2}, "es_MX"})
			return first(got, err, func(c *Category) string { return c.Name })
		},
	},
	"Browse.AllCategories": {
		"GET /browse/categories?locale=es_MX&limit=50",
		`{"categories":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Browse.AllCategories(ctx, &CategoriesParams{Locale: "es_MX"}),
				func(c *Category) string { return c.Name },
			)
		},
	},
	"Browse.Category": {
		"GET /browse/categories/hip%20hop?locale=es_MX",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Browse.Category(ctx, "hip hop", &CategoryParams{"es_MX"})
			return got.Name, err
		},
	},
	"Chapters.Get": {"GET /chapters/" + chapterA, seenItem, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Chapters.Get(ctx, "spotify:episode:"+chapterA, nil)
		return got.Name, err
	}},
	"Episodes.Get": {
		"GET /episodes/" + episodeA + "?market=DE",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Episodes.Get(ctx, episodeA, &GetParams{"DE"})
			return got.Name, err
		},
	},
	"Episodes.Saved": {
		"GET /me/episodes",
		`{"items":[{"episode":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Episodes.Saved(ctx, nil)
			return first(got, err, func(e *SavedEpisode) string { return e.Episode.Name })
		},
	},
	"Episodes.AllSaved": {
		"GET /me/episodes?market=DE&limit=50",
		`{"items":[{"episode":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Episodes.AllSaved(ctx, &PageParams{Market: "DE"}),
				func(e *SavedEpisode) string { return e.Episode.Name },
			)
		},
	},
	"Markets.List": {"GET /markets", `{"markets":["seen"]}`, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Markets.List(ctx)
		return got[0], err
	}},
	"Recommendations.Get": {
		"GET /recommendations?seed_artists=" + artistA + "&seed_genres=jazz%2Cr-n-b&seed_tracks=" + trackA + "%2C" + trackB +
			"&min_energy=0&min_popularity=20&max_key=11&target_loudness=-7.5&target_valence=0.8&limit=100&market=DE",
		`{"tracks":[` + seenItem + `],"seeds":[{"initialPoolSize":1}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			seeds := RecommendationSeeds{
				Artists: []string{"spotify:artist:" + artistA}, Genres: []string{"jazz", "r-n-b"}, Tracks: []string{trackA, trackB},
			}
			got, err := s.Recommendations.Get(ctx, seeds, &RecommendationsParams{
				Min:    TrackAttributes{Energy: new(0.0), Popularity: new(20)},
				Max:    TrackAttributes{Key: new(11)},
				Target: TrackAttributes{Loudness: new(-7.5), Valence: new(0.8)},
				Limit:  100, Market: "DE",
			})
			return got.Tracks[0].Name, err
		}},
	"Recommendations.GenreSeeds": {
		"GET /recommendations/available-genre-seeds",
		`{"genres":["seen"]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Recommendations.GenreSeeds(ctx)
			return got[0], err
		},
	},
	"Shows.Get": {"GET /shows/" + showA + "?market=DE", seenItem, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Shows.Get(ctx, showA, &GetParams{"DE"})
		return got.Name, err
	}},
	"Shows.Episodes": {
		"GET /shows/" + showA + "/episodes?market=DE&limit=3",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Shows.Episodes(ctx, showA, &PageParams{Limit: 3, Market: "DE"})
			return first(got, err, func(e *SimplifiedEpisode) string { return e.Name })
		},
	},
	"Shows.AllEpisodes": {
		"GET /shows/" + showA + "/episodes?limit=50",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Shows.AllEpisodes(ctx, showA, nil), func(e *SimplifiedEpisode) string { return e.Name })
		},
	},
	"Shows.Saved": {
		"GET /me/shows?offset=2",
		`{"items":[{"show":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Shows.Saved(ctx, &ListParams{Offset: 2})
			return first(got, err, func(v *SavedShow) string { return v.Show.Name })
		},
	},
	"Shows.AllSaved": {
		"GET /me/shows?limit=50",
		`{"items":[{"show":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Shows.AllSaved(ctx, nil), func(v *SavedShow) string { return v.Show.Name })
		},
	},
	"Tracks.Get": {
		"GET /tracks/" + trackA + "?market=DE",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Tracks.Get(ctx, trackA, &GetParams{"DE"})
			return got.Name, err
		},
	},
	"Tracks.Saved": {
		"GET /me/tracks?limit=2",
		`{"items":[{"track":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Tracks.Saved(ctx, &PageParams{Limit: 2})
			return first(got, err, func(v *SavedTrack) string { return v.Track.Name })
		},
	},
	"Tracks.AllSaved": {
		"GET /me/tracks?limit=50",
		`{"items":[{"track":` + seenItem + `}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Tracks.AllSaved(ctx, nil), func(v *SavedTrack) string { return v.Track.Name })
		},
	},
	"Tracks.AudioFeatures": {
		"GET /audio-features/" + trackA,
		`{"type":"seen"}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Tracks.AudioFeatures(ctx, trackA)
			return got.Type, err
		},
	},
	"Tracks.AudioAnalysis": {
		"GET /audio-analysis/" + trackA,
		`{"meta":{"platform":"seen"}}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Tracks.AudioAnalysis(ctx, trackA)
			return got.Meta.Platform, err
		},
	},
	"Users.Me": {"GET /me", `{"display_name":"seen"}`, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Users.Me(ctx)
		return got.DisplayName, err
	}},
	"Users.Get": {
		"GET /users/a%2Fb%23c%20d",
		`{"display_name":"seen"}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Users.Get(ctx, "a/b#c d")
			return got.DisplayName, err
		},
	},
	"Users.TopArtists": {
		"GET /me/top/artists?time_range=short_term&limit=5&offset=1",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Users.TopArtists(ctx, &TopParams{ListParams{5, 1}, TimeRangeShort})
			return first(got, err, func(a *Artist) string { return a.Name })
		},
	},
	"Users.AllTopArtists": {
		"GET /me/top/artists?time_range=long_term&limit=50",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Users.AllTopArtists(ctx, &TopParams{TimeRange: TimeRangeLong}),
				func(a *Artist) string { return a.Name },
			)
		},
	},
	"Users.TopTracks": {"GET /me/top/tracks", seenPage, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Users.TopTracks(ctx, nil)
		return first(got, err, func(t *Track) string { return t.Name })
	}},
	"Users.AllTopTracks": {
		"GET /me/top/tracks?limit=50",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Users.AllTopTracks(ctx, nil), func(t *Track) string { return t.Name })
		},
	},
	"Users.FollowedArtists": {
		"GET /me/following?type=artist&after=" + artistA + "&limit=9",
		`{"artists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Users.FollowedArtists(ctx, &FollowedArtistsParams{"spotify:artist:" + artistA, 9})
			if err != nil {
				return "", err
			}
			return got.Items[0].Name, nil
		},
	},
	"Users.AllFollowedArtists": {
		"GET /me/following?type=artist&limit=50",
		`{"artists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Users.AllFollowedArtists(ctx, nil), func(a *Artist) string { return a.Name })
		},
	},
}

func TestCatalogueRequests(t *testing.T) {
	for name, tc := range catalogueCases {
		t.Run(name, func(t *testing.T) { tc.run(t) })
	}
}

func (tc operationCase) run(t *testing.T) {
	s, r := record(t, Config{}, always(200, tc.response))
	got, err := tc.call(t.Context(), s)
	if err != nil || got != "seen" {
		t.Errorf("got %q, %v", got, err)
	}
	all := r.sent()
	if len(all) != 1 || all[0].line() != tc.want {
		t.Fatalf("sent %+v\nwant one %s", all, tc.want)
	}
	if all[0].Body != "" || all[0].ContentType != "" {
		t.Errorf("sent the body %q as %q, want none", all[0].Body, all[0].ContentType)
	}
}

// Config.Market is sent to all operations that take a market, and to no others.
func TestClientMarket(t *testing.T) {
	s, r := record(t, Config{Market: "SE"}, always(200, `{}`))
	ctx := t.Context()
	_, _ = s.Tracks.Get(ctx, trackA, nil)
	_, _ = s.Tracks.Get(ctx, trackA, &GetParams{Market: "DE"})
	_, _ = s.Shows.Saved(ctx, nil)
	want := []string{"GET /tracks/" + trackA + "?market=SE", "GET /tracks/" + trackA + "?market=DE", "GET /me/shows"}
	for i, sent := range r.sent() {
		if sent.line() != want[i] {
			t.Errorf("sent %s, want %s", sent.line(), want[i])
		}
	}
}

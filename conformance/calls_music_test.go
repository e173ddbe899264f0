package conformance

import (
	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

var (
	discography = &resources.ArtistAlbumsParams{
		IncludeGroups: []resources.AlbumGroup{"album", "single", "appears_on", "compilation"},
		Market:        "DE", ListParams: resources.ListParams{Limit: 10, Offset: 1},
	}
	featured = &resources.FeaturedPlaylistsParams{
		Locale:     "sv_SE",
		ListParams: resources.ListParams{Limit: 50, Offset: 1},
	}
	categories = &resources.CategoriesParams{Locale: "sv_SE", ListParams: resources.ListParams{Limit: 50, Offset: 1}}
)

// seeds and wishes are the required arguments of recommendations, and all arguments.
var (
	seeds = map[bool]resources.RecommendationSeeds{
		false: {Artists: []string{mock.ArtistID}},
		true:  {Artists: []string{mock.ArtistID}, Genres: []string{"folk"}, Tracks: tracks},
	}
	wishes = map[bool]*resources.RecommendationsParams{
		true: {Min: attributes(0.1, 0), Max: attributes(1, 11), Target: attributes(0.5, 1), Limit: 100, Market: "DE"},
	}
)

// attributes has every tunable attribute: some are shares of one, others whole numbers.
func attributes(share float64, n int) resources.TrackAttributes {
	return resources.TrackAttributes{
		Acousticness: &share, Danceability: &share, Energy: &share, Instrumentalness: &share, Liveness: &share,
		Speechiness: &share, Valence: &share,
		Loudness: new(
			-10 * share,
		), Tempo: new(
			200 * share,
		), DurationMS: new(1000 * n), Key: &n, Mode: new(min(n, 1)), Popularity: &n, TimeSignature: &n,
	}
}

var musicCalls = []call{
	{"Albums.Get", func(c ctx, s api, full bool) (any, error) { return s.Albums.Get(c, mock.AlbumID, given(full, get)) }},
	{
		"Albums.Get: restricted",
		func(c ctx, s api, full bool) (any, error) { return s.Albums.Get(c, otherAlbum, given(full, get)) },
	},
	{
		"Albums.GetMany",
		func(c ctx, s api, full bool) (any, error) { return s.Albums.GetMany(c, albums, given(full, get)) },
	},
	{"Albums.Tracks", func(c ctx, s api, full bool) (any, error) {
		return s.Albums.Tracks(c, mock.AlbumID, given(full, paging))
	}},
	{"Albums.AllTracks", func(c ctx, s api, full bool) (any, error) {
		return first(s.Albums.AllTracks(c, mock.AlbumID, given(full, paging)))
	}},
	{"Albums.Saved", func(c ctx, s api, full bool) (any, error) { return s.Albums.Saved(c, given(full, paging)) }},
	{
		"Albums.AllSaved",
		func(c ctx, s api, full bool) (any, error) { return first(s.Albums.AllSaved(c, given(full, paging))) },
	},

	{"Artists.Get", func(c ctx, s api, full bool) (any, error) { return s.Artists.Get(c, mock.ArtistID) }},
	{"Artists.GetMany", func(c ctx, s api, full bool) (any, error) { return s.Artists.GetMany(c, artists) }},
	{"Artists.Albums", func(c ctx, s api, full bool) (any, error) {
		return s.Artists.Albums(c, mock.ArtistID, given(full, discography))
	}},
	{"Artists.AllAlbums", func(c ctx, s api, full bool) (any, error) {
		return first(s.Artists.AllAlbums(c, mock.ArtistID, given(full, discography)))
	}},
	{"Artists.TopTracks", func(c ctx, s api, full bool) (any, error) {
		return s.Artists.TopTracks(c, mock.ArtistID, given(full, get))
	}},
	{
		"Artists.RelatedArtists",
		func(c ctx, s api, full bool) (any, error) { return s.Artists.RelatedArtists(c, mock.ArtistID) },
	},

	{"Tracks.Get", func(c ctx, s api, full bool) (any, error) { return s.Tracks.Get(c, mock.TrackID, given(full, get)) }},
	{
		"Tracks.Get: restricted",
		func(c ctx, s api, full bool) (any, error) { return s.Tracks.Get(c, awayTrack, given(full, get)) },
	},
	{
		"Tracks.Get: relinked",
		func(c ctx, s api, full bool) (any, error) { return s.Tracks.Get(c, oldTrack, given(full, get)) },
	},
	{"Tracks.GetMany: both", func(c ctx, s api, full bool) (any, error) {
		return s.Tracks.GetMany(c, []string{awayTrack, oldTrack}, given(full, get))
	}},
	{
		"Tracks.GetMany",
		func(c ctx, s api, full bool) (any, error) { return s.Tracks.GetMany(c, tracks, given(full, get)) },
	},
	{"Tracks.Saved", func(c ctx, s api, full bool) (any, error) { return s.Tracks.Saved(c, given(full, paging)) }},
	{
		"Tracks.AllSaved",
		func(c ctx, s api, full bool) (any, error) { return first(s.Tracks.AllSaved(c, given(full, paging))) },
	},
	{
		"Tracks.AudioFeatures",
		func(c ctx, s api, full bool) (any, error) { return s.Tracks.AudioFeatures(c, mock.TrackID) },
	},
	{
		"Tracks.ManyAudioFeatures",
		func(c ctx, s api, full bool) (any, error) { return s.Tracks.ManyAudioFeatures(c, tracks) },
	},
	{
		"Tracks.AudioAnalysis",
		func(c ctx, s api, full bool) (any, error) { return s.Tracks.AudioAnalysis(c, mock.TrackID) },
	},

	{
		"Recommendations.Get",
		func(c ctx, s api, full bool) (any, error) { return s.Recommendations.Get(c, seeds[full], wishes[full]) },
	},
	{"Recommendations.GenreSeeds", func(c ctx, s api, full bool) (any, error) { return s.Recommendations.GenreSeeds(c) }},

	{
		"Browse.NewReleases",
		func(c ctx, s api, full bool) (any, error) { return s.Browse.NewReleases(c, given(full, listed)) },
	},
	{"Browse.AllNewReleases", func(c ctx, s api, full bool) (any, error) {
		return first(s.Browse.AllNewReleases(c, given(full, listed)))
	}},
	{
		"Browse.Categories",
		func(c ctx, s api, full bool) (any, error) { return s.Browse.Categories(c, given(full, categories)) },
	},
	{"Browse.AllCategories", func(c ctx, s api, full bool) (any, error) {
		return first(s.Browse.AllCategories(c, given(full, categories)))
	}},
	{"Browse.Category", func(c ctx, s api, full bool) (any, error) {
		return s.Browse.Category(c, category, given(full, &resources.CategoryParams{Locale: "sv_SE"}))
	}},

	{"Markets.List", func(c ctx, s api, full bool) (any, error) { return s.Markets.List(c) }},
}

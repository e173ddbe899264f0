package conformance

import (
	"context"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

type (
	ctx = context.Context
	api = *resources.Services
)

// call is one way to use a method.
type call struct {
	// method is "Albums.Get", or "Library.Save: <variant>" if the method is called in several ways.
	method string
	// do calls the method with all optional parameters (full) or with none, and returns the result.
	do func(ctx, api, bool) (any, error)
}

// calls has every exported method of every service.
var calls = slices.Concat(musicCalls, spokenCalls, userCalls, playlistCalls, libraryCalls, playerCalls, searchCalls)

// Ids in the tests' catalogue that not every fake has.
const (
	otherAlbum     = "1aaaaaaaaaaaaaaaaaaaaA"
	otherArtist    = "1aaaaaaaaaaaaaaaaaaaaR"
	otherAudiobook = "1aaaaaaaaaaaaaaaaaaaaB"
	otherChapter   = "1aaaaaaaaaaaaaaaaaaaaC"
	otherEpisode   = "1aaaaaaaaaaaaaaaaaaaaE"
	longPlaylist   = "1aaaaaaaaaaaaaaaaaaaaL"
	otherPlaylist  = "1aaaaaaaaaaaaaaaaaaaaP"
	otherShow      = "1aaaaaaaaaaaaaaaaaaaaS"
	otherTrack     = "1aaaaaaaaaaaaaaaaaaaaT"
	category       = "dinner"
	otto           = "otto"
	freda          = "freda"
)

// Lists of two, for methods that take several.
var (
	albums     = []string{mock.AlbumID, otherAlbum}
	artists    = []string{mock.ArtistID, otherArtist}
	audiobooks = []string{mock.AudiobookID, otherAudiobook}
	chapters   = []string{mock.ChapterID, otherChapter}
	episodes   = []string{mock.EpisodeID, otherEpisode}
	shows      = []string{mock.ShowID, otherShow}
	tracks     = []string{mock.TrackID, otherTrack}
)

// Parameters with every field set.
var (
	get    = &resources.GetParams{Market: "DE"}
	paging = &resources.PageParams{Limit: 50, Offset: 1, Market: "DE"}
	listed = &resources.ListParams{Limit: 50, Offset: 1}
)

func uri(kind resources.Kind, id string) string { return resources.URI(kind, id) }

// given returns p if all optional parameters are wanted, else nil.
func given[P any](full bool, params *P) *P {
	if full {
		return params
	}
	return nil
}

// first returns the first item of an iterator.
func first[T any](all iter.Seq2[T, error]) (any, error) {
	for item, err := range all {
		return item, err
	}
	return nil, nil
}

// TestEveryMethodHasACall compares the calls with the exported methods.
func TestEveryMethodHasACall(t *testing.T) {
	called := map[string]bool{}
	for _, c := range calls {
		method, _, _ := strings.Cut(c.method, ":")
		called[method] = true
	}
	services := reflect.TypeFor[resources.Services]()
	for i := range services.NumField() {
		service := services.Field(i)
		if !service.IsExported() {
			continue
		}
		for j := range service.Type.NumMethod() {
			method := service.Name + "." + service.Type.Method(j).Name
			if !called[method] {
				t.Errorf("%s has no call", method)
			}
			delete(called, method)
		}
	}
	for method := range called {
		t.Errorf("the call %s names no exported method", method)
	}
}

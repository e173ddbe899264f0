package conformance

// calls_test.go is how every exported method of every service is called: with as little as it takes, and with everything it takes.

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

// call is one method.
type call struct {
	// method is its name, "Albums.Get"; after a colon, which of several ways to use it this is.
	method string
	// do calls it, with all optional parameters or with none of them, and returns what it returns.
	do func(ctx, api, bool) (any, error)
}

// calls are all calls.
var calls = slices.Concat(musicCalls, spokenCalls, userCalls, playlistCalls, libraryCalls, playerCalls, searchCalls)

// Things that the tests' catalogue has beside those that every fake has.
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

// Lists of two, for what takes several.
var (
	albums     = []string{mock.AlbumID, otherAlbum}
	artists    = []string{mock.ArtistID, otherArtist}
	audiobooks = []string{mock.AudiobookID, otherAudiobook}
	chapters   = []string{mock.ChapterID, otherChapter}
	episodes   = []string{mock.EpisodeID, otherEpisode}
	shows      = []string{mock.ShowID, otherShow}
	tracks     = []string{mock.TrackID, otherTrack}
)

// Parameters with everything in them.
var (
	get    = &resources.GetParams{Market: "DE"}
	paging = &resources.PageParams{Limit: 50, Offset: 1, Market: "DE"}
	listed = &resources.ListParams{Limit: 50, Offset: 1}
)

func uri(kind resources.Kind, id string) string { return resources.URI(kind, id) }

// given is what stands in place of optional parameters.
func given[P any](full bool, params *P) *P {
	if full {
		return params
	}
	return nil
}

// first is the first thing of a walk.
func first[T any](walk iter.Seq2[T, error]) (any, error) {
	for thing, err := range walk {
		return thing, err
	}
	return nil, nil
}

// TestEveryMethodHasACall compares the calls with the methods that there are.
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
				t.Errorf("%s is not called", method)
			}
			delete(called, method)
		}
	}
	for method := range called {
		t.Errorf("%s is called, and there is no such method", method)
	}
}

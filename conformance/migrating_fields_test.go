package conformance

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	zmb3 "github.com/zmb3/spotify/v2"

	"github.com/seed-2147f1a9/spotify/resources"
)

// TestMigratingNamesFields checks the section "Fields" of docs/migrating-from-zmb3.md: it has every
// field of a model of zmb3/spotify that has another name here, or none.
func TestMigratingNamesFields(t *testing.T) {
	text, err := os.ReadFile("../docs/migrating-from-zmb3.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## Fields\n")
	if !ok {
		t.Fatal("the page has no section Fields")
	}
	differ := 0
	for theirs, ours := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[zmb3.FullAlbum]():          reflect.TypeFor[resources.Album](),
		reflect.TypeFor[zmb3.SimpleAlbum]():        reflect.TypeFor[resources.SimplifiedAlbum](),
		reflect.TypeFor[zmb3.FullArtist]():         reflect.TypeFor[resources.Artist](),
		reflect.TypeFor[zmb3.FullTrack]():          reflect.TypeFor[resources.Track](),
		reflect.TypeFor[zmb3.FullPlaylist]():       reflect.TypeFor[resources.Playlist](),
		reflect.TypeFor[zmb3.SimplePlaylist]():     reflect.TypeFor[resources.SimplifiedPlaylist](),
		reflect.TypeFor[zmb3.PlaylistItem]():       reflect.TypeFor[resources.PlaylistItem](),
		reflect.TypeFor[zmb3.FullShow]():           reflect.TypeFor[resources.Show](),
		reflect.TypeFor[zmb3.EpisodePage]():        reflect.TypeFor[resources.Episode](),
		reflect.TypeFor[zmb3.ResumePointObject]():  reflect.TypeFor[resources.ResumePoint](),
		reflect.TypeFor[zmb3.PrivateUser]():        reflect.TypeFor[resources.PrivateUser](),
		reflect.TypeFor[zmb3.Followers]():          reflect.TypeFor[resources.Followers](),
		reflect.TypeFor[zmb3.PlayerState]():        reflect.TypeFor[resources.PlaybackState](),
		reflect.TypeFor[zmb3.PlayerDevice]():       reflect.TypeFor[resources.Device](),
		reflect.TypeFor[zmb3.Queue]():              reflect.TypeFor[resources.Queue](),
		reflect.TypeFor[zmb3.RecentlyPlayedItem](): reflect.TypeFor[resources.PlayHistory](),
		reflect.TypeFor[zmb3.SearchResult]():       reflect.TypeFor[resources.SearchResult](),
		reflect.TypeFor[zmb3.AudioFeatures]():      reflect.TypeFor[resources.AudioFeatures](),
		reflect.TypeFor[zmb3.AnalysisTrack]():      reflect.TypeFor[resources.AnalysisTrack](),
		reflect.TypeFor[zmb3.SimpleTrackPage]():    reflect.TypeFor[resources.Page[resources.SimplifiedTrack]](),
	} {
		here := fieldsByMember(ours)
		for member, name := range fieldsByMember(theirs) {
			if here[member] == name {
				continue
			}
			differ++
			if !regexp.MustCompile("(?m)^\\|[^|]*[`.]" + name + "[`.]").MatchString(section) {
				t.Errorf("%s.%s is missing: the field of %s is %q here", theirs.Name(), name, member, here[member])
			}
		}
	}
	if differ < 20 {
		t.Errorf("only %d fields differ", differ)
	}
}

// fieldsByMember returns the names of a struct's fields, embedded ones included, by the name of the
// JSON member.
func fieldsByMember(structure reflect.Type) map[string]string {
	names := map[string]string{}
	for _, f := range reflect.VisibleFields(structure) {
		if member, _, _ := strings.Cut(f.Tag.Get("json"), ","); member != "" && member != "-" {
			names[member] = f.Name
		}
	}
	return names
}

//go:build clients

package clients

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
)

var update = flag.Bool("update", false, "write the tables of docs/fake.md")

// surface is a kind of access that an app has to the Web API, as fakespotify's flag names it.
type surface string

const (
	development surface = "development"
	older       surface = "older-development"
	extended    surface = "extended"
)

var surfaces = []surface{extended, development, older}

// options returns the options of a fake with the surface.
func (s surface) options() []mock.Option {
	switch s {
	case older:
		return []mock.Option{mock.WithOlderDevelopmentMode()}
	case extended:
		return []mock.Option{mock.WithExtendedQuota()}
	}
	return nil
}

// program is the fakespotify that all tests use.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	folder, err := os.MkdirTemp("", "clients")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(folder, "fakespotify")
	build := exec.Command("go", "build", "-o", program, "./mock/fakespotify")
	build.Dir = "../.."
	build.Stderr = os.Stderr
	code := 1
	if err = build.Run(); err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, "fakespotify cannot be built:", err)
	}
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// startFake starts fakespotify and returns its address.
func startFake(t *testing.T, s surface) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	args := []string{"-addr", "127.0.0.1:0", "-auto-approve", "-quiet", "-surface", string(s)}
	cmd := exec.CommandContext(ctx, program, args...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "Web API"); ok {
			go func() {
				for lines.Scan() { // until it ends
				}
			}()
			return strings.TrimSuffix(strings.TrimSpace(address), "/v1")
		}
	}
	t.Fatalf("fakespotify %v did not start: %s", args, problems.String())
	return ""
}

// ids are the ids of the fake's catalogue and the other arguments of the calls.
var ids = map[string]string{
	"album": mock.AlbumID, "artist": mock.ArtistID, "track": mock.TrackID, "show": mock.ShowID,
	"episode": mock.EpisodeID, "audiobook": mock.AudiobookID, "chapter": mock.ChapterID,
	"user": mock.UserID, "otherUser": mock.OtherUserID, "device": mock.DeviceID,
	"playlist": mock.PlaylistID, "otherPlaylist": mock.OtherPlaylistID,
	"category": category(), "jpeg": base64.StdEncoding.EncodeToString(picture()),
	"redirect": "http://127.0.0.1:8080/callback",
}

// category returns the id of the fake's first category.
func category() string {
	req, err := http.NewRequest(http.MethodGet, "https://api.spotify.com/v1/browse/categories?limit=1", nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer any")
	resp, err := mock.New(nil, mock.WithExtendedQuota()).RoundTrip(req)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	var page struct {
		Categories struct{ Items []struct{ ID string } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		panic(err)
	}
	return page.Categories.Items[0].ID
}

func picture() []byte {
	var buffer bytes.Buffer
	if err := jpeg.Encode(&buffer, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		panic(err)
	}
	return buffer.Bytes()
}

package api_test

import (
	"fmt"
	"testing"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/mock/catalogue"
	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

func TestFollowing(t *testing.T) {
	tr := mock.New(t, mock.WithCatalogue(cast()), mock.WithExtendedQuota())
	tell(
		t,
		tr,
		nil,
		step{
			"GET /me/following?type=artist",
			"",
			200,
			says(`"cursors":{"after":null}`, `"items":[]`, `"next":null`, `"total":0`),
		},
		step{"PUT /me/following?type=artist&ids=" + mock.ArtistID, "", 204, nothing},
		step{"PUT /me/following?type=user", `{"ids":["bruno"]}`, 204, nothing},
		step{
			"GET /me/following/contains?type=artist&ids=" + mock.ArtistID + "," + nobodyID,
			"",
			200,
			says("=[true,false]"),
		},
		step{"GET /me/following/contains?type=user&ids=bruno,frida", "", 200, says("=[true,false]")},
		step{"DELETE /me/following?type=user&ids=bruno", "", 204, nothing},
		step{"DELETE /me/following?type=artist", `{"ids":["` + mock.ArtistID + `"]}`, 204, nothing},
		step{"GET /me/following/contains?type=artist&ids=" + mock.ArtistID, "", 200, says("=[false]")},
		step{"GET /me/following/contains?type=user&ids=bruno", "", 200, says("=[false]")},
		step{"GET /me/following", "", 400, says("Missing parameter type")},
		step{"GET /me/following?type=user", "", 400, says("Invalid parameter type")},
		step{"GET /me/following?type=artist&after=x", "", 400, says("Invalid base62 id")},
		step{"GET /me/following?type=artist&limit=51", "", 400, says("Invalid limit")},
		step{"PUT /me/following?type=album&ids=" + mock.AlbumID, "", 400, says("Invalid parameter type")},
		step{"PUT /me/following?ids=" + mock.ArtistID, "", 400, says("Missing parameter type")},
		step{"PUT /me/following?type=artist", "", 400, says("Missing required field: ids")},
		step{"PUT /me/following?type=user&ids=nobody", "", 404, nil},
	)
}

// The pages hold every artist once, even if one is unfollowed between two pages.
func TestFollowedPages(t *testing.T) {
	c := catalogue.New()
	for i := range 25 {
		c.Save("", "spotify:artist:"+c.AddArtist(catalogue.Artist{Name: fmt.Sprintf("Band %d", i)}))
	}
	for name, letGo := range map[string]bool{"steady": false, "letting go": true} {
		t.Run(name, func(t *testing.T) {
			tr := mock.New(t, mock.WithCatalogue(c))
			type page struct {
				Artists struct {
					Items   []struct{ ID string }
					Cursors struct{ After *string }
					Next    *string
				}
			}
			seen := map[string]int{}
			for at, n := "https://api.spotify.com/v1/me/following?type=artist&limit=10", 0; ; n++ {
				p := mocktest.FetchJSON[page](t, tr, at).Artists
				for _, a := range p.Items {
					seen[a.ID]++
				}
				if (p.Next == nil) != (p.Cursors.After == nil) || n > 3 {
					t.Fatalf("page %d: %+v", n, p)
				}
				if p.Next == nil {
					break
				}
				if letGo {
					tell(t, tr, nil, step{"DELETE /me/library?uris=spotify:artist:" + *p.Cursors.After, "", 200, nil})
				}
				at = *p.Next
			}
			for id, times := range seen {
				if times != 1 {
					t.Errorf("%s %d times", id, times)
				}
			}
			if len(seen) != 25 {
				t.Errorf("saw %d", len(seen))
			}
		})
	}
}

func TestFollowingPlaylists(t *testing.T) {
	c := cast()
	public := c.AddPlaylist(catalogue.Playlist{Name: "Open", Owner: "bruno", Followers: 3})
	private := c.AddPlaylist(catalogue.Playlist{Name: "Secret", Owner: "bruno", Private: true})
	tr := mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota())
	tell(t, tr, nil,
		step{"PUT /playlists/" + public + "/followers", "", 200, nothing},
		step{"PUT /playlists/" + public + "/followers", `{"public":false}`, 200, nothing},
		step{"GET /playlists/" + public, "", 200, says(`"followers":{"href":null,"total":4}`)},
		step{"GET /me/playlists", "", 200, says(`"previous":null,"total":2}`, `"name":"Open"`)},
		step{"GET /playlists/" + public + "/followers/contains", "", 200, says("=[true]")},
		step{"GET /playlists/" + public + "/followers/contains?ids=wanda,frida", "", 200, says("=[true,false]")},
		step{"DELETE /playlists/" + public + "/followers", "", 200, nothing},
		step{"GET /playlists/" + public + "/followers/contains", "", 200, says("=[false]")},
		step{"PUT /playlists/" + private + "/followers", "", 404, nil},
		step{"PUT /playlists/" + nobodyID + "/followers", "", 404, nil},
		step{"DELETE /playlists/" + nobodyID + "/followers", "", 404, nil},
		step{"PUT /playlists/x/followers", "", 400, says("Invalid base62 id")},
		step{"DELETE /playlists/" + mock.PlaylistID + "/followers", "", 200, nothing}, // which deletes it
		step{"GET /me/playlists", "", 200, says(`"previous":null,"total":0}`)},
		step{"GET /playlists/" + mock.PlaylistID, "", 200, nil}, // every user can read a public playlist
	)
	tr = mock.New(t, mock.WithCatalogue(c), mock.WithExtendedQuota(), mock.WithScopes("playlist-modify-private"))
	tell(t, tr, nil,
		step{"PUT /playlists/" + public + "/followers", "", 403, says("Insufficient client scope")},
		step{"PUT /playlists/" + public + "/followers", `{"public":false}`, 200, nothing},
	)
}

package resources

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

var playlistCases = map[string]operationCase{
	"Playlists.Get": {
		"GET /playlists/" + playlistA + "?market=DE&fields=name%2Citems%28total%29%2Ctracks%28total%29&" +
			"additional_types=track%2Cepisode",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Get(
				ctx,
				"https://open.spotify.com/playlist/"+playlistA+"?si=x",
				&GetPlaylistParams{"DE", "name,items(total)"},
			)
			return got.Name, err
		},
	},
	"Playlists.Get, defaults": {
		"GET /playlists/" + playlistA + "?additional_types=track%2Cepisode",
		seenItem,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Get(ctx, playlistA, nil)
			return got.Name, err
		},
	},
	"Playlists.Items": {
		"GET " + itemsPath + "?market=DE&limit=50&offset=3&fields=items&additional_types=track%2Cepisode",
		`{"items":[{"item":{"type":"track","name":"seen"}}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Items(ctx, playlistA, &PlaylistItemsParams{ListParams{50, 3}, "DE", "items"})
			return first(got, err, func(i *PlaylistItem) string { return i.Item.Name() })
		},
	},
	"Playlists.AllItems": {
		"GET " + itemsPath + "?limit=50&additional_types=track%2Cepisode",
		`{"items":[{"track":{"type":"track","name":"seen"}}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Playlists.AllItems(ctx, playlistA, nil), func(i *PlaylistItem) string { return i.Item.Name() })
		},
	},
	"Playlists.Tracks": {
		"GET " + tracksPath + "?limit=100&additional_types=track%2Cepisode",
		`{"items":[{"track":{"type":"episode","name":"seen"}}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Tracks(ctx, playlistA, &PlaylistItemsParams{ListParams: ListParams{Limit: 100}})
			return first(got, err, func(i *PlaylistItem) string { return i.Item.Name() })
		},
	},
	"Playlists.AllTracks": {
		"GET " + tracksPath + "?market=DE&limit=100&additional_types=track%2Cepisode",
		`{"items":[{"track":{"type":"track","name":"seen"}}]}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Playlists.AllTracks(ctx, playlistA, &PlaylistItemsParams{Market: "DE"}),
				func(i *PlaylistItem) string { return i.Item.Name() },
			)
		},
	},
	"Playlists.Mine": {
		"GET /me/playlists?limit=5&offset=1",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.Mine(ctx, &ListParams{5, 1})
			return first(got, err, func(p *SimplifiedPlaylist) string { return p.Name })
		},
	},
	"Playlists.AllMine": {"GET /me/playlists?limit=50", seenPage, func(ctx context.Context, s *Services) (string, error) {
		return firstOf(s.Playlists.AllMine(ctx, nil), func(p *SimplifiedPlaylist) string { return p.Name })
	}},
	"Playlists.OfUser": {"GET /users/a%20b/playlists", seenPage, func(ctx context.Context, s *Services) (string, error) {
		got, err := s.Playlists.OfUser(ctx, "a b", nil)
		return first(got, err, func(p *SimplifiedPlaylist) string { return p.Name })
	}},
	"Playlists.AllOfUser": {
		"GET /users/a/playlists?limit=50&offset=2",
		seenPage,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Playlists.AllOfUser(ctx, "spotify:user:a", &ListParams{Offset: 2}),
				func(p *SimplifiedPlaylist) string { return p.Name },
			)
		},
	},
	"Playlists.CoverImages": {
		"GET /playlists/" + playlistA + "/images",
		`[null,{"url":"seen","height":null,"width":null}]`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Playlists.CoverImages(ctx, playlistA)
			return got[0].URL, err
		},
	},
	"Browse.FeaturedPlaylists": {
		"GET /browse/featured-playlists?locale=es_MX&limit=1",
		`{"message":"m","playlists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Browse.FeaturedPlaylists(
				ctx,
				&FeaturedPlaylistsParams{Locale: "es_MX", ListParams: ListParams{Limit: 1}},
			)
			return got.Playlists.Items[0].Name, err
		},
	},
	"Browse.AllFeaturedPlaylists": {
		"GET /browse/featured-playlists?limit=50",
		`{"playlists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(s.Browse.AllFeaturedPlaylists(ctx, nil), func(p *SimplifiedPlaylist) string { return p.Name })
		},
	},
	"Browse.CategoryPlaylists": {
		"GET /browse/categories/dinner/playlists?offset=4",
		`{"message":"seen"}`,
		func(ctx context.Context, s *Services) (string, error) {
			got, err := s.Browse.CategoryPlaylists(ctx, "dinner", &ListParams{Offset: 4})
			return got.Message, err
		},
	},
	"Browse.AllCategoryPlaylists": {
		"GET /browse/categories/dinner/playlists?limit=50",
		`{"playlists":` + seenPage + `}`,
		func(ctx context.Context, s *Services) (string, error) {
			return firstOf(
				s.Browse.AllCategoryPlaylists(ctx, "dinner", nil),
				func(p *SimplifiedPlaylist) string { return p.Name },
			)
		},
	},
}

func TestPlaylistRequests(t *testing.T) {
	for name, tc := range playlistCases {
		t.Run(name, func(t *testing.T) { tc.run(t) })
	}
}

// read decodes JSON unchanged, and once more with a duplicate name.
func read[T any](t *testing.T, text string, check func(t *testing.T, got T)) {
	t.Helper()
	for way, text := range map[string]string{
		"strict":  text,
		"lenient": strings.Replace(text, "{", `{"Twice":1,"Twice":2,`, 1),
	} {
		t.Run(way, func(t *testing.T) {
			var got T
			if err := decoded([]byte(text), "", &got); err != nil {
				t.Fatal(err)
			}
			check(t, got)
		})
	}
}

func TestPlaylistItemsUnderBothNames(t *testing.T) {
	page := `{"href":"h","total":3,"items":[null,{"ENTRY":{"type":"track","name":"One","track":true}}]}`
	for name, tc := range map[string]struct{ json, want string }{
		"development mode":    {`{"name":"P","items":` + strings.Replace(page, "ENTRY", "item", 1) + `}`, "One"},
		"extended quota":      {`{"name":"P","tracks":` + strings.Replace(page, "ENTRY", "track", 1) + `}`, "One"},
		"new outside, old in": {`{"name":"P","items":` + strings.Replace(page, "ENTRY", "track", 1) + `}`, "One"},
		"both, the old empty": {
			`{"name":"P","tracks":null,"items":` + strings.Replace(page, "ENTRY", "item", 1) + `}`,
			"One",
		},
		"both, the new empty": {
			`{"name":"P","items":null,"tracks":` + strings.Replace(page, "ENTRY", "item", 1) + `}`,
			"One",
		},
		"both": {
			`{"name":"P","tracks":{"total":9},"items":` + strings.Replace(page, "ENTRY", "item", 1) + `}`,
			"One",
		},
		"somebody else's":       {`{"name":"P"}`, ""},
		"somebody else's, null": {`{"name":"P","items":null,"tracks":null}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			read(t, tc.json, func(t *testing.T, got Playlist) {
				name := ""
				if len(got.Items.Items) > 0 {
					name = got.Items.Items[0].Item.Name()
				}
				if got.Name != "P" || name != tc.want || tc.want != "" && (got.Items.Total != 3 || got.Items.Dropped != 1) ||
					tc.want == "" && got.Items.Href != "" {
					t.Errorf("%+v", got)
				}
			})
			read(t, tc.json, func(t *testing.T, got SimplifiedPlaylist) {
				if got.Name != "P" || tc.want != "" && got.Items != (PlaylistItemsRef{"h", 3}) ||
					tc.want == "" && got.Items != (PlaylistItemsRef{}) {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

func TestPlaylistUnusualValues(t *testing.T) {
	read(
		t,
		`{"id":"i","uri":"u","href":"h","type":"playlist","name":"N","description":null,"images":null,
"owner":{"id":"o","display_name":null},"public":null,"collaborative":true,
		"snapshot_id":"s","followers":{"href":null,"total":4.9E7},"external_urls":{"spotify":"e"},"primary_color":null}`,
		func(t *testing.T, got Playlist) {
			if got.ID != "i" || got.URI != "u" || got.Href != "h" || got.Type != "playlist" || got.Description != "" ||
				got.Images != nil ||
				got.Owner.ID != "o" ||
				got.Owner.DisplayName != "" ||
				got.Public != nil ||
				!got.Collaborative ||
				got.SnapshotID != "s" ||
				*got.Followers.Total != 49000000 ||
				got.ExternalURLs.Spotify != "e" {
				t.Errorf("%+v", got)
			}
		},
	)
	read(t, `{"public":false,"owner":{"display_name":"D"}}`, func(t *testing.T, got SimplifiedPlaylist) {
		if got.Public == nil || *got.Public || got.Owner.DisplayName != "D" {
			t.Errorf("%+v", got)
		}
	})
}

func TestPlaylistItemUnusualValues(t *testing.T) {
	const moment = "2024-02-03T04:05:06Z"
	local := `"type":"track","name":"Tape","id":null,"href":null,"uri":"spotify:local:A:B:Tape:12","is_local":true,
"duration_ms":12000,
		"album":{"album_type":null,"id":null,"uri":null,"href":null,"name":"B","release_date":null,"images":[]},
		"artists":[{"id":null,"name":"A"}]`
	for name, tc := range map[string]struct {
		json string
		want func(PlaylistItem) bool
	}{
		"track": {
			`{"item":{"type":"track","name":"One","album":{"name":"A"},"track":true}}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" && i.Item.Track.Album.Name == "A" },
		},
		"episode": {
			`{"item":{"type":"episode","name":"One","description":"D","show":{"name":"S"}}}`,
			func(i PlaylistItem) bool { return i.Item.Episode.Description == "D" && i.Item.Episode.Show.Name == "S" },
		},
		"chapter": {
			`{"item":{"type":"episode","name":"One","audiobook":{"name":"S"}}}`,
			func(i PlaylistItem) bool { return i.Item.Episode.Name == "One" },
		},
		"episode flagged as track": {
			`{"track":{"type":"episode","name":"One","track":true,"episode":false}}`,
			func(i PlaylistItem) bool { return i.Item.Episode.Name == "One" && i.Item.Track == nil },
		},
		"episode as a track": {
			`{"track":{"type":"episode","name":"One","track":false,"episode":true,"artists":[{"name":"P"}],` +
				`"album":{"id":"s","uri":"su","href":"sh","type":"show","name":"S","images":[{"url":"x"}]}}}`,
			func(i PlaylistItem) bool {
				show := i.Item.Episode.Show
				return i.Item.Episode.Name == "One" && show.ID == "s" && show.URI == "su" && show.Href == "sh" &&
					show.Type == "show" && show.Name == "S" && show.Images[0].URL == "x"
			},
		},
		"other case": {
			`{"item":{"type":"TRACK","name":"One"}}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" },
		},
		"null": {
			`{"added_at":"` + moment + `","item":null}`,
			func(i PlaylistItem) bool { return i.Item.IsZero() && i.AddedAt.Year() == 2024 },
		},
		"null under both": {`{"item":null,"track":null}`, func(i PlaylistItem) bool { return i.Item.IsZero() }},
		"neither":         {`{"is_local":true}`, func(i PlaylistItem) bool { return i.Item.IsZero() && i.IsLocal }},
		"both": {
			`{"track":{"type":"track","name":"Old"},"item":{"type":"track","name":"One"}}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" },
		},
		"both, one null": {
			`{"item":null,"track":{"type":"track","name":"One"}}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" },
		},
		"a flag in its place": {
			`{"item":{"type":"track","name":"One"},"track":true}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" },
		},
		"an unknown type": {`{"item":{"type":"jingle","name":"One"}}`, func(i PlaylistItem) bool {
			return i.Item.Track == nil && string(i.Item.Raw) == `{"type":"jingle","name":"One"}` && !i.Item.IsZero()
		}},
		"no type": {
			`{"item":{"name":"One"}}`,
			func(i PlaylistItem) bool { return i.Item.Episode == nil && string(i.Item.Raw) == `{"name":"One"}` },
		},
		"no type but a URI": {
			`{"item":{"name":"One","uri":"` + trackURI + `"}}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" && i.Item.Raw == nil },
		},
		"no type, an episode": {
			`{"item":{"name":"One","uri":"` + otherURI + `"}}`,
			func(i PlaylistItem) bool { return i.Item.Episode.Name == "One" },
		},
		"no type, local": {
			`{"item":{"name":"One","uri":"spotify:local:a:b:One:3"}}`,
			func(i PlaylistItem) bool { return i.Item.Track.Name == "One" },
		},
		"no type, another URI": {
			`{"item":{"uri":"spotify:album:` + albumA + `"}}`,
			func(i PlaylistItem) bool { return i.Item.Track == nil && i.Item.Raw != nil },
		},
		"a local track": {
			`{"added_at":"` + moment + `","added_by":{"id":"u"},"is_local":true,"track":{` + local + `}}`,
			func(i PlaylistItem) bool {
				track := i.Item.Track
				return i.IsLocal && i.AddedBy.ID == "u" && i.AddedAt.Equal(time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)) &&
					track.IsLocal && track.ID == "" && track.Album.Name == "B" &&
					track.Duration() == 12*time.Second && i.Item.Duration() == 12*time.Second &&
					i.Item.URI() == "spotify:local:A:B:Tape:12"
			},
		},
		"a length as an object": {
			`{"track":{` + strings.Replace(local, "12000", `{"totalMilliseconds":12000}`, 1) + `}}`,
			func(i PlaylistItem) bool { return i.Item.Track.DurationMS == 12000 },
		},
		"a length as a float": {
			`{"item":{"type":"episode","duration_ms":1.2E4}}`,
			func(i PlaylistItem) bool { return i.Item.Duration() == 12*time.Second },
		},
		"no who and when": {
			`{"added_at":null,"added_by":null,"item":{"type":"track","name":"One"}}`,
			func(i PlaylistItem) bool { return i.AddedAt.IsZero() && i.AddedBy.ID == "" && i.Item.Name() == "One" },
		},
		"twice": {
			`{"item":{"type":"track","name":"One"},"item":null}`,
			func(i PlaylistItem) bool { return i.Item.Name() == "One" },
		},
		"a type as an object": {
			`{"item":{"type":{},"name":"One"}}`,
			func(i PlaylistItem) bool { return i.Item.Raw != nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			read(t, tc.json, func(t *testing.T, got PlaylistItem) {
				if !tc.want(got) {
					t.Errorf("%s\nread as %+v", tc.json, got)
				}
			})
		})
	}
}

// An empty Playable has neither name nor URI nor length.
func TestPlayableOfNeitherKind(t *testing.T) {
	for _, p := range []Playable{{}, {Raw: Raw(`{"name":"One","uri":"u","duration_ms":1}`)}} {
		if p.Name() != "" || p.URI() != "" || p.Duration() != 0 {
			t.Errorf("%+v", p)
		}
	}
	if p := (Playable{Episode: &Episode{SimplifiedEpisode: SimplifiedEpisode{URI: "u", Name: "n"}}}); p.URI() != "u" ||
		p.Name() != "n" {
		t.Errorf("%+v", p)
	}
}

// The raw JSON stays valid when the buffer that it was read from is reused.
func TestPlayableKeepsItsRawJSON(t *testing.T) {
	s, _ := record(t, Config{}, func(req *http.Request) (int, string) {
		if strings.HasSuffix(req.URL.Path, "/me") {
			return 200, strings.Repeat(" ", 100) + `{"id":"` + strings.Repeat("z", 200) + `"}`
		}
		return 200, `{"items":[{"item":{"type":"jingle"}}]}`
	})
	page, err := s.Playlists.Items(t.Context(), playlistA, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := s.Users.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if raw := string(page.Items[0].Item.Raw); raw != `{"type":"jingle"}` {
		t.Errorf("now it is %q", raw)
	}
}

// A decoded item can be encoded with encoding/json, and decodes to the same item.
func TestPlaylistItemRoundTrip(t *testing.T) {
	for _, text := range []string{
		`{"item":{"type":"track","name":"One"}}`,
		`{"track":{"type":"episode","name":"One"}}`,
		`{"item":{"type":"jingle","name":"One"}}`,
		`{"item":null}`,
	} {
		var item, again PlaylistItem
		if err := decoded([]byte(text), "", &item); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		err = json.Unmarshal(written, &again)
		if a, b := item.Item, again.Item; err != nil || a.Name() != b.Name() || (a.Track == nil) != (b.Track == nil) ||
			string(a.Raw) != string(b.Raw) ||
			a.IsZero() != b.IsZero() {
			t.Errorf("%s: written as %s, read as %+v, %v", text, written, again, err)
		}
	}
}

// An item of an unknown kind, or with members of other kinds, does not change the other items of
// its page.
func TestPlaylistPageWithUnknownItems(t *testing.T) {
	read(
		t,
		`{"href":"h","limit":50.0,"total":6,"items":[{"item":{"type":"track",
"name":"1"}},null,{"item":null},{"track":{"type":"episode","name":"3"}},{"item":{"type":"jingle"}},
		{"item":{"type":"track","name":"5","duration_ms":{"totalMilliseconds":1}}}]}`,
		func(t *testing.T, page Page[PlaylistItem]) {
			if len(page.Items) != 5 || page.Dropped != 1 || page.Items[0].Item.Track.Name != "1" ||
				!page.Items[1].Item.IsZero() ||
				page.Items[2].Item.Episode.Name != "3" ||
				page.Items[3].Item.Raw == nil ||
				page.Items[4].Item.Track.DurationMS != 1 ||
				page.Limit != 50 {
				t.Errorf("%+v", page)
			}
		},
	)
}

// A filter gets the members that tell tracks from episodes, the other name of each member, and, for
// an iterator, the members that lead to the next page.
func TestFaultsFields(t *testing.T) {
	pages := map[string]string{
		"":                       "limit,next,total",
		"items(item(type,name))": "items(item(type,name,uri),track(type,name,uri)),limit,next,total",
		"items(added_by.id,item(name,href))": "items(added_by.id,item(name,href,type,uri)" +
			",track(name,href,type,uri)),limit,next,total",
		"items(item(uri))": "items(item(uri,type),track(uri,type)),limit,next,total",
		"items.track.name": "items(item(name,type,uri),track(name,type,uri)),limit,next,total",
		"next,items(item(total,limit))": "next,items(item(total,limit,type,uri)" +
			",track(total,limit,type,uri)),limit,total",
		"total, next ,limit,items": "total,next,limit,items",
		"!href":                    "!href",
		"items(!added_by)":         "items(!added_by),limit,next,total",
		"items(item(!album))":      "items(item(!album),track(!album)),limit,next,total",
		"items(item,track(name))":  "items(item,track(name,type,uri)),limit,next,total",
		"items(added_at)":          "items(added_at),limit,next,total",
		"items(item(name)":         "items(item(name)", // Spotify responds with the error
		"items(,)":                 "items(,)",
		strings.Repeat("a(", 40) + "b" + strings.Repeat(")", 40): strings.Repeat("a(", 40) + "b" + strings.Repeat(")", 40),
	}
	for fields, want := range pages {
		s, r := record(t, Config{}, always(200, `{"items":[{"track":{"type":"track"}}],"total":1,"limit":50}`))
		items, err := Collect(
			s.Playlists.AllItems(
				t.Context(),
				playlistA,
				&PlaylistItemsParams{Fields: fields, Market: "DE", ListParams: ListParams{Offset: 2}},
			),
			0,
		)
		if err != nil || len(items) != 1 || items[0].Item.Track == nil {
			t.Fatal(items, err)
		}
		query, _ := url.ParseQuery(r.sent()[0].Query)
		if got := query.Get("fields"); fields != "" && got != want || query.Get("offset") != "2" ||
			query.Get("market") != "DE" ||
			fields == "" && query.Has("fields") {
			t.Errorf("%q was sent as %q, want %q", fields, got, want)
		}
	}
	for fields, want := range map[string]string{
		"name,items.items(added_at,item(name))": "name,items.items(added_at,item(name,type,uri),track(name,type,uri))" +
			",tracks.items(added_at,item(name,type,uri),track(name,type,uri))",
		"tracks.items(track(name,href,album(name,href)))": "items.items(item(name,href,album(name,href),type,uri)" +
			",track(name,href,album(name,href),type,uri))" +
			",tracks.items(item(name,href,album(name,href),type,uri),track(name,href,album(name,href),type,uri))",
		"items(total),tracks(total),name": "items(total),tracks(total),name",
		"name":                            "name",
		"!images":                         "!images",
	} {
		s, r := record(t, Config{}, always(200, `{}`))
		if _, err := s.Playlists.Get(t.Context(), playlistA, &GetPlaylistParams{Fields: fields}); err != nil {
			t.Fatal(err)
		}
		query, _ := url.ParseQuery(r.sent()[0].Query)
		names := func(s string) []string {
			parsed, _ := parseFields(s)
			var all []string
			for _, one := range parsed {
				all = append(all, selection{one}.String())
			}
			slices.Sort(all)
			return all
		}
		if got := query.Get("fields"); !slices.Equal(names(got), names(want)) {
			t.Errorf("%q was sent as %q, want %q", fields, got, want)
		}
	}
}

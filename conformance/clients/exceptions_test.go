//go:build clients

package clients

import (
	"slices"
	"strings"
)

// ownFault is a fault of a client, not of the fake: calls that fail for one reason.
type ownFault struct {
	client   string
	methods  string    // of the calls, with their notes, separated by commas
	surfaces []surface // on which the calls fail
	contains string    // in the description of the failure
	reason   string    // for docs/fake.md

	met map[surface][]string // the calls that have it
}

var (
	everywhere   = []surface{extended, development, older}
	withOldPaths = []surface{extended, older} // where the operations of before February 2026 work
)

// ownFaults returns the list of the clients' own faults.
func ownFaults() []*ownFault {
	list := []*ownFault{
		{
			client: "@spotify/web-api-ts-sdk",
			methods: "currentUser.albums.saveAlbums, currentUser.albums.removeSavedAlbums, " +
				"currentUser.audiobooks.saveAudiobooks, currentUser.audiobooks.removeSavedAudiobooks, " +
				"currentUser.episodes.saveEpisodes, currentUser.episodes.removeSavedEpisodes, " +
				"currentUser.tracks.saveTracks, currentUser.tracks.removeSavedTracks",
			surfaces: withOldPaths, contains: "Missing required field: ids",
			reason: "send the ids as a bare JSON array, which Spotify refuses with 400",
		},
		{
			client: "spotify-web-api-node",
			methods: "addToMySavedAlbums, removeFromMySavedAlbums, addToMySavedShows, " +
				"removeFromMySavedShows",
			surfaces: withOldPaths, contains: "Missing required field: ids",
			reason: "send the ids as a bare JSON array, which Spotify refuses with 400",
		},
		{
			client: "spotify-web-api-node", methods: "areFollowingPlaylist",
			surfaces: everywhere, contains: "followers/contains?ids=wanda: 404",
			reason: "sends `GET /users/{id}/playlists/{id}/followers/contains`, " +
				"which is not in the API reference: 404",
		},
		{
			client: "spotify-web-api-node", methods: "removeTracksFromPlaylistByPosition",
			surfaces: withOldPaths, contains: "No uris provided",
			reason: "sends `positions` without tracks, which Spotify has not taken since 2024: 400",
		},
		{
			client: "spotify-web-api-js",
			methods: "addToMySavedTracks, removeFromMySavedTracks, addToMySavedAlbums, " +
				"removeFromMySavedAlbums, addToMySavedShows, removeFromMySavedShows",
			surfaces: withOldPaths, contains: "Missing required field: ids",
			reason: "send the ids as a bare JSON array, which Spotify refuses with 400",
		},
		{
			client: "spotify-web-api-js", methods: "removeTracksFromPlaylistInPositions",
			surfaces: withOldPaths, contains: "No uris provided",
			reason: "sends `positions` without tracks, which Spotify has not taken since 2024: 400",
		},
		{
			client: "spotify-api.js", methods: "playlists.removeItems",
			surfaces: withOldPaths, contains: "JSON body does not adhere",
			reason: "sends the tracks under `uris` in place of `tracks`: 400",
		},
		{
			client:   "spotify-api.js",
			methods:  "browse.getRecommendations, browse.getRecommendationGenreSeeds",
			surfaces: []surface{development, older}, contains: "404: reports success",
			reason: "take a 404 for an empty result, so the program sees no error",
		},
		{
			client: "spotify-api.js",
			methods: "artists.get, artists.search, playlists.get, user.patchInfo, " +
				"user.getPlaylists, user.getFollowingArtists, user.getTopArtists",
			surfaces: []surface{
				development,
			}, contains: "TypeError: Cannot read properties of undefined (reading 'total')",
			reason: "read `followers.total` and `tracks.total`, " +
				"which development mode does not have: TypeError",
		},
		{
			client: "spotify-api.js", methods: "create",
			surfaces: []surface{development}, contains: "GET /me: 200: SpotifyAPIError: ",
			reason: "fails in the same way for a user's token, with an error without text",
		},
		{
			client: "zmb3/spotify", methods: "FollowPlaylist",
			surfaces: withOldPaths, contains: "JSON body does not adhere",
			reason: "sends a bare `true` or `false` in place of a JSON object: 400",
		},
	}
	for _, o := range list {
		o.met = map[surface][]string{}
	}
	return list
}

// missing returns the calls that do not have the fault on a surface.
func (o *ownFault) missing(s surface) []string {
	var missing []string
	for method := range strings.SplitSeq(o.methods, ", ") {
		if !slices.Contains(o.met[s], method) {
			missing = append(missing, method)
		}
	}
	return missing
}

// find returns the entry for a call on a surface, nil if there is none.
func find(list []*ownFault, client string, s surface, c *call, description string) *ownFault {
	for _, o := range list {
		if o.client == client && slices.Contains(o.surfaces, s) &&
			strings.Contains(description, o.contains) &&
			slices.Contains(strings.Split(o.methods, ", "), c.name()) {
			return o
		}
	}
	return nil
}

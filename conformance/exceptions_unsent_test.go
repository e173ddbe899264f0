package conformance

import "slices"

const (
	spoken = "get-a-chapter get-a-show get-a-shows-episodes get-an-audiobook get-an-episode get-audiobook-chapters " +
		"get-multiple-audiobooks get-multiple-episodes get-several-chapters" +
		" get-users-saved-audiobooks get-users-saved-episodes"
	noMarket = "get-an-artists-albums get-an-artists-top-tracks get-new-releases get-queue get-recently-played " +
		"get-recommendations get-users-top-tracks search"
)

var unsentExceptions = slices.Concat(
	never("*", "Spotify sends null, always", "/followers/href"),
	never(
		withItems,
		"a playlist's contents are called tracks, and track, where there is extended quota",
		": /items",
		"/tracks/items/*/item",
		": /items/*/item",
	),
	never(lists, "as above", "/items/*/items"),
	never("create-playlist create-playlist-for-user", "a new playlist is empty, and has no picture",
		": /images", "/tracks/next", "/items/*/added_at", "/items/*/added_by", "/items/*/is_local", "/items/*/track"),
	never(
		"*",
		"the first page, which comes with the thing itself, has none before it",
		"/tracks/previous",
		"/episodes/previous",
		"/chapters/previous",
	),
	never(
		"*",
		"albums are told by their UPC, recordings by their ISRC",
		"/external_ids/ean",
		"/external_ids/upc",
		"/external_ids/isrc",
	),
	never("*", "the fake's shows and audiobooks claim no rights", "/copyrights/*/text", "/copyrights/*/type"),
	never(spoken, "talk is not there at all in a market where it cannot be heard", "/restrictions"),
	never(playback+" get-queue get-recently-played", "the player's responses have none", "/external_ids"),
	never(
		playback,
		"they are one level deeper",
		"/actions/interrupting_playback",
		"/actions/pausing",
		"/actions/resuming",
		"/actions/seeking",
		"/actions/skipping_next",
		"/actions/skipping_prev",
		"/actions/toggling_repeat_context",
		"/actions/toggling_repeat_track",
		"/actions/toggling_shuffle",
		"/actions/transferring_playback",
	),
	never(
		noMarket,
		"no market can be asked for, or what cannot be played there is left out",
		"/linked_from",
		"/is_playable",
		"/restrictions",
	),
	never(playback, "what plays can be played", "/restrictions"),
	never("get-followed", "the list is read forward only", "/artists/cursors/before"),
	never("get-recently-played", "Spotify does not count them", ": /total"),
)

// never returns an exception for each member that the fake never sends to apps with extended quota.
func never(operations, why string, members ...string) []exception {
	var all []exception
	for _, m := range members {
		all = append(all, exception{operations, "all members**" + m, "unsent", why})
	}
	return all
}

package conformance

import "slices"

const (
	withItems = "get-playlist get-playlists-items get-playlists-tracks create-playlist create-playlist-for-user"
	lists     = "get-a-list-of-current-users-playlists get-list-users-playlists get-featured-playlists " +
		"get-a-categories-playlists search"
)

var listingExceptions = slices.Concat(
	[]exception{
		{
			withItems + " " + lists,
			"**/primary_color",
			"undeclared",
			"the fake sends it, always null, as an extra that readers must pass over; no source here confirms it of Spotify",
		},
		{withItems + " " + lists, "**/images", "nullable", "null where a playlist is empty and nobody has uploaded a cover"},
		{withItems, "**/video_thumbnail", "undeclared", "as primary_color, with nothing in it"},
	},
	item("nullable", "null for what is no longer there", ""),
	item("undeclared", "whether it is an episode or a track is told in flags too", "/track", "/episode"),
	item(
		"nullable",
		"of a file of the user's only the names are known",
		"/id",
		"/href",
		"/album/id",
		"/album/href",
		"/album/uri",
		"/album/release_date",
		"/artists/*/id",
		"/artists/*/href",
		"/artists/*/uri",
	),
	item("enum", "null for a file of the user's, and show for an episode in the shape of a track", "/album/album_type"),
	item("enum", "null for a file of the user's", "/album/release_date_precision"),
	item("missing", "of a file of the user's only the names are known", "/album/total_tracks"),
	item(
		"missing",
		"a client that does not ask for episodes gets them in the shape of tracks, which have no such member",
		"/audio_preview_url",
		"/description",
		"/html_description",
		"/images",
		"/is_externally_hosted",
		"/is_playable",
		"/languages",
		"/release_date",
		"/release_date_precision",
		"/show",
	),
	item(
		"undeclared",
		"a client that does not ask for episodes gets them in the form of tracks, which have this member",
		"/album",
		"/artists",
		"/disc_number",
		"/external_ids",
		"/is_local",
		"/preview_url",
		"/track_number",
	),
	[]exception{
		{withItems, "all members**: **/item/available_markets", "undeclared", "as above"},
		{withItems, "all members**: **/track/available_markets", "undeclared", "as above"},
	},
)

// item returns an exception for each member of a playlist entry's item, under both of its names.
func item(what, why string, members ...string) []exception {
	var all []exception
	for _, m := range members {
		all = append(
			all,
			exception{withItems, "**/item" + m, what, why},
			exception{withItems, "all members**/track" + m, what, why},
		)
	}
	return all
}

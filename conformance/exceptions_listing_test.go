package conformance

// exceptions_listing_test.go is what the definition does not know of what is in a playlist.

import "slices"

const withItems = "get-playlist get-playlists-items get-playlists-tracks create-playlist create-playlist-for-user"

var listingExceptions = slices.Concat(
	[]exception{
		{"*", "**/primary_color", "undeclared", "Spotify has sent it for years, always null"},
		{withItems, "**/video_thumbnail", "undeclared", "Spotify has sent it for years, with nothing in it"},
		{"*", "**/images", "nullable", "null where a playlist is empty and nobody has uploaded a cover"},
		{withItems, "**/item", "nullable", "null for what is no longer there"},
		{withItems, "**/track", "nullable", "as item"},
	},
	each("**", "undeclared", "whether it is an episode or a track is told in flags too", "/item/track", "/item/episode", "/track/track", "/track/episode"),
	each("**", "nullable", "of a file of the user's only the names are known", "/id", "/href", "/album/uri", "/artists/*/uri", "/album/release_date"),
	each("**", "enum", "null for a file of the user's, and show for an episode in the shape of a track", "/album/album_type"),
	each("**", "enum", "null for a file of the user's", "/album/release_date_precision"),
	each("**", "missing", "of a file of the user's only the names are known", "/album/total_tracks"),
	each("**", "missing", "a client that does not ask for episodes gets them in the shape of tracks, which have no such member",
		"/audio_preview_url", "/description", "/html_description", "/images", "/is_externally_hosted", "/is_playable", "/languages", "/release_date", "/release_date_precision", "/show"),
	each("**", "undeclared", "a client that does not ask for episodes gets them in the shape of tracks, which have this member, and episodes do not",
		"/album", "/artists", "/available_markets", "/disc_number", "/external_ids", "/is_local", "/preview_url", "/track_number"),
)

// each is one exception for each member.
func each(where, what, why string, members ...string) []exception {
	var all []exception
	for _, m := range members {
		all = append(all, exception{withItems, where + m, what, why})
	}
	return all
}

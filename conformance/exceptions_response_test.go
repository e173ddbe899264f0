package conformance

import "slices"

// responseExceptions are the differences between the fake's responses and the definition. A place
// begins with the kind of app, and with whether a market was requested.
var responseExceptions = slices.Concat(
	errorExceptions,
	modeExceptions,
	marketExceptions,
	listingExceptions,
	oddExceptions,
	unsentExceptions,
)

// Errors.
var errorExceptions = []exception{
	{
		"*",
		"**: status 400",
		"undeclared",
		"the definition declares 401, 403 and 429 of most operations; the reference lists 400 for all " +
			"(concepts/api-calls, response status codes)",
	},
	{"*", "**: status 404", "undeclared", "as 400"},
	{"*", "**: status 500", "undeclared", "as 400"},
	{"*", "**: status 502", "undeclared", "as 400"},
	{"*", "**: status 503", "undeclared", "as 400"},
	{"*", "**: status 504", "undeclared", "proxies in front of the API return it"},
	{
		"*",
		"**/error/reason",
		"undeclared",
		"why a player command was refused (reference of the player's errors), and QUOTA_EXCEEDED",
	},
	{
		"save-library-items remove-library-items check-library-contains",
		"**: 400 /error",
		"undeclared",
		"the definition forgets that the error is the one member of an object, as in all other operations",
	},
	{
		"save-library-items remove-library-items check-library-contains",
		"**: 400 /status",
		"missing",
		"as above: it is within error",
	},
	{
		"save-library-items remove-library-items check-library-contains",
		"**: 400 /message",
		"missing",
		"as above: it is within error",
	},
}

// Members that apps in development mode do not get since February 2026, although the definition
// requires them.
var modeExceptions = []exception{
	{"*", "development mode**/available_markets", "missing", "removed in February 2026"},
	{"*", "development mode**/popularity", "missing", "removed in February 2026"},
	{"*", "development mode**/label", "missing", "removed in February 2026"},
	{"*", "development mode**/publisher", "missing", "removed in February 2026"},
	{"get-an-artists-albums", "development mode**/album_group", "missing", "removed in February 2026"},
}

// Members that depend on the market.
var marketExceptions = []exception{
	{
		"*",
		"all members**, in a market**/available_markets",
		"missing",
		"where a market is asked for, is_playable stands in place of the list of markets (concepts/track-relinking)",
	},
	{
		"*",
		"**, in a market: **/is_playable",
		"undeclared",
		"the fake and the library have it of albums as of tracks; the definition has it of tracks only",
	},
}

const (
	batches = "get-multiple-albums get-multiple-artists get-multiple-audiobooks get-multiple-episodes " +
		"get-multiple-shows get-several-audio-features get-several-chapters get-several-tracks"
	playback = "get-information-about-the-users-current-playback get-the-users-currently-playing-track"
)

// The rest.
var oddExceptions = []exception{
	{batches, "**/*", "nullable", "null for an id that nothing has, so that the others keep their places"},
	{"get-followed", "**/cursors/after", "nullable", "null on the last page"},
	{"get-followed", "**/artists/next", "nullable", "its own description says that it is null on the last page"},
	{"get-recently-played", "**: 200 /next", "nullable", "its own description says that it is null on the last page"},
	{
		"get-the-users-currently-playing-track",
		"**: status 204",
		"undeclared",
		"when nothing is playing, as the operation beside it declares",
	},
	{"get-recently-played", "**: 200 /cursors", "nullable", "null on a page with nothing on it"},
	{"get-queue", "**/currently_playing", "nullable", "its own description says that it may be null"},
	{
		"get-information-about-the-users-current-playback",
		"**/progress_ms",
		"nullable",
		"its own description says that it may be null",
	},
	{playback, "**/context", "nullable", "its own description says that it may be null"},
	{
		playback,
		"**/item",
		"nullable",
		"its own description says that it may be null: here, an episode, for a client that does not ask for episodes",
	},
	{
		playback,
		"**/actions/disallows",
		"undeclared",
		"actions has what is disallowed one level deeper than the definition says",
	},
	{
		"get-information-about-the-users-current-playback",
		"**/smart_shuffle",
		"undeclared",
		"Spotify sends it, and the reference does not know it",
	},
	{"get-recommendations", "**/seeds/*/href", "nullable", "its own description says that a genre's is null"},
}

package conformance

// unmodelled are the members that the library omits on purpose: Go type and JSON name, or the
// method that returns them.
var unmodelled = []exception{
	{
		"check-if-user-follows-playlist",
		"Playlists.Follows",
		"lost",
		"the list has one element, about the token's user, and Follows returns that",
	},
}

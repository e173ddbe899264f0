package resources

// Browse gets what Spotify puts in its shop window: categories, new releases, featured playlists.
type Browse struct{ core *core }

package resources

// Playlists gets, makes and changes playlists.
type Playlists struct{ core *core }

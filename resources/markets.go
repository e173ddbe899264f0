package resources

// Markets tells where Spotify is.
type Markets struct{ core *core }

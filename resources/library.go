package resources

// Library saves things to a user's library, removes them and tells whether they are there: all kinds of things, by URI.
type Library struct{ core *core }

package resources

// Audiobooks gets audiobooks and their chapters, and the ones a user has saved.
type Audiobooks struct{ core *core }

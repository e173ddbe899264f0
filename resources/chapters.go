package resources

// Chapters gets chapters of audiobooks.
type Chapters struct{ core *core }

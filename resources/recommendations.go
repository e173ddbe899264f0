package resources

// Recommendations suggests tracks.
type Recommendations struct{ core *core }

package resources

// Episodes gets episodes of shows, and the ones a user has saved.
type Episodes struct{ core *core }

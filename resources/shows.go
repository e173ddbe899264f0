package resources

// Shows gets shows and their episodes, and the ones a user has saved.
type Shows struct{ core *core }

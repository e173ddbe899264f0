package resources

// Artists gets artists, their albums and what is near them.
type Artists struct{ core *core }

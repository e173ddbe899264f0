package resources

// Search finds things by what they are called.
type Search struct{ core *core }

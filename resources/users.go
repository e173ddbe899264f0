package resources

// Users gets users, whom they follow and what they like best.
type Users struct{ core *core }

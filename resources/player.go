package resources

// Player reads and steers what a user is listening to.
type Player struct{ core *core }

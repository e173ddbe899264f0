package conformance

// unmodelled are the members that the library leaves out on purpose: Go type and JSON name.
var unmodelled = []exception{}

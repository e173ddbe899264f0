package conformance

// requestExceptions are where a request rightly is not what the definition says.
var requestExceptions = []exception{
	{"get-an-artists-albums search", "query limit", "maximum", "the definition has the limit of development mode, 10; with extended quota it is 50, which is what walks ask for then"},
}

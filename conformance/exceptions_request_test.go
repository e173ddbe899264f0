package conformance

// requestExceptions are requests that correctly differ from the definition, and parameters of the
// definition that the services never send.
var requestExceptions = []exception{
	{"get-an-artists-albums search", "all members**: query limit", "maximum",
		"the definition has the limit of development mode, 10; with extended quota iterators send 50"},
	{"save-tracks-user", "**: body /ids", "missing",
		"the definition requires ids; its description of timestamped_ids says that they replace ids"},
	{
		"check-if-user-follows-playlist",
		"table items",
		"differs",
		"it takes one id, and that deprecated: the response is about the token's user",
	},
	{"start-a-users-playback", "table items", "differs", "the reference is silent; 850 URIs have been rejected with 413"},

	{"save-albums-user save-episodes-user save-shows-user", "body /ids", "unsent",
		"ids are sent in the query, where the definition demands them; in the body they would say the same again"},
	{
		"remove-albums-user remove-episodes-user remove-shows-user remove-tracks-user",
		"body /ids",
		"unsent",
		"as for saving",
	},
	{
		"follow-artists-users unfollow-artists-users",
		"body /ids",
		"unsent",
		"as for saving: the definition demands ids in the query",
	},
	{
		"add-items-to-playlist add-tracks-to-playlist",
		"query uris",
		"unsent",
		"uris are sent in the body, which has room for 100; the query, where there are both, wins",
	},
	{
		"add-items-to-playlist add-tracks-to-playlist",
		"query position",
		"unsent",
		"position is sent in the body, beside the URIs",
	},
	{
		"reorder-or-replace-playlists-items reorder-or-replace-playlists-tracks",
		"query uris",
		"unsent",
		"uris are sent in the body, where an empty list can be told from none",
	},
	{
		"check-if-user-follows-playlist",
		"query ids",
		"unsent",
		"the definition has it as deprecated: the response is about the token's user",
	},
	{"remove-shows-user", "query market", "unsent", "what is taken out of the library does not depend on a market"},
}

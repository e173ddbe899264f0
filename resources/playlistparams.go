package resources

// GetPlaylistParams are the optional parameters of Playlists.Get.
type GetPlaylistParams struct {
	// Market is as in GetParams.
	Market string
	// Fields are the members of the playlist to fetch, all if empty:
	// "name,owner.display_name,items.items(added_at,item(name))", or "!images" for all but some.
	// The package adds what it needs to understand the items: type and uri, and the other spelling
	// (tracks for items, track for item), which apps with extended quota get.
	Fields string
}

func (p *GetPlaylistParams) query(q *query) {
	if p == nil {
		p = &GetPlaylistParams{}
	}
	q.market(p.Market)
	q.str("fields", completed(p.Fields, func(s selection) selection { return s.mapped(pageFields, "items", "tracks") }))
	q.episodesToo()
}

// PlaylistItemsParams are the optional parameters of Playlists.Items.
type PlaylistItemsParams struct {
	// Limit is how many items to get. Zero is the API's default; AllItems takes the most it may.
	Limit int
	// Offset is the index of the first item, from zero.
	Offset int
	// Market is as in GetParams.
	Market string
	// Fields are the members of the page to fetch, all if empty:
	// "total,items(added_at,item(name))". As in GetPlaylistParams.
	Fields string
}

func (p *PlaylistItemsParams) query(q *query) {
	if p == nil {
		p = &PlaylistItemsParams{}
	}
	(&PageParams{p.Limit, p.Offset, p.Market}).query(q)
	q.str("fields", completed(p.Fields, pageFields))
	q.episodesToo()
}

func (p *PlaylistItemsParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *PlaylistItemsParams) at(limit, offset int) *PlaylistItemsParams {
	next := PlaylistItemsParams{Limit: limit, Offset: offset}
	if p != nil {
		next.Market = p.Market
		// An iterator needs to know where the next page begins.
		next.Fields = completed(p.Fields, func(s selection) selection { return s.with("limit", "next", "total") })
	}
	return &next
}

// episodesToo asks for episodes as what they are. A client that does not say it knows them gets them in the shape of tracks, or null in their place.
func (q *query) episodesToo() { q.add("additional_types", "track,episode") }

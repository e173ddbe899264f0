package resources

import "strings"

// GetPlaylistParams are the optional parameters of Playlists.Get.
type GetPlaylistParams struct {
	// Market is as in GetParams.
	Market string
	// Fields are the members of the answer to get, all if empty: "name,owner.display_name,items.items(added_at,item(type,name))", or "!images" for all but some.
	// What is called items and item comes as tracks and track for apps with extended quota, and has to be asked for by that name. Without its type or URI an item is a Playable of
	// neither kind, with its JSON in Raw.
	Fields string
}

func (p *GetPlaylistParams) query(q *query) {
	if p == nil {
		p = &GetPlaylistParams{}
	}
	q.market(p.Market)
	q.str("fields", p.Fields)
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
	// Fields are the members of the page to get, all if empty: "total,items(added_at,item(type,name))". As in GetPlaylistParams.
	Fields string
}

func (p *PlaylistItemsParams) query(q *query) {
	if p == nil {
		p = &PlaylistItemsParams{}
	}
	(&PageParams{p.Limit, p.Offset, p.Market}).query(q)
	q.str("fields", p.Fields)
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
		next.Market, next.Fields = p.Market, walkable(p.Fields)
	}
	return &next
}

// walkable adds to a filter what a walk needs to find the next page. A filter that only leaves members out is left alone.
func walkable(fields string) string {
	if fields == "" || strings.HasPrefix(fields, "!") {
		return fields
	}
	there := map[string]bool{}
	depth, begin := 0, 0
	for i, c := range fields + "," {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			there[strings.TrimSpace(fields[begin:i])] = true
			begin = i + 1
		}
	}
	for _, name := range []string{"limit", "next", "total"} {
		if !there[name] {
			fields += "," + name
		}
	}
	return fields
}

// episodesToo asks for episodes as what they are. A client that does not say it knows them gets them in the shape of tracks, or null in their place.
func (q *query) episodesToo() { q.add("additional_types", "track,episode") }

package api

import "github.com/seed-2147f1a9/spotify/resources"

var userHandlers = map[string]handler{
	"get-current-users-profile": (*state).profile,
	"get-users-profile":         (*state).userProfile,
	"get-users-top-artists":     top(resources.KindArtist),
	"get-users-top-tracks":      top(resources.KindTrack),
}

func (st *state) profile(req *Request) Response {
	p := st.user(req).private(st.view(req, full, ""), req)
	if st.OmitAccountID {
		p.AccountID = ""
	}
	return ok200(encode(p))
}

func (st *state) userProfile(req *Request) Response {
	p := st.people[req.Vars["user_id"]]
	if p == nil {
		return notFound()
	}
	return ok200(encode(p.public(st.view(req, full, ""))))
}

// top handles GET /me/top/artists and similar operations. The result is the same for every time
// range.
func top(kind resources.Kind) handler {
	return func(st *state, req *Request) Response {
		refused := req.oneOf("time_range", "Invalid time range", "long_term", "medium_term", "short_term")
		if refused != nil {
			return *refused
		}
		s, refused := req.pageParams(st.Access)
		if refused != nil {
			return *refused
		}
		return ok200(st.page(req, s, st.user(req).top[kind], st.view(req, full, "")))
	}
}

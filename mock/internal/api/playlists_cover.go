package api

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/http"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

var coverHandlers = map[string]handler{
	"get-playlist-cover":           (*state).getCover,
	"upload-custom-playlist-cover": (*state).uploadCover,
}

func (st *state) getCover(req *Request) Response {
	p, refused := st.playlist(req)
	if refused != nil {
		return *refused
	}
	return ok200(encode(nonNil(p.images())))
}

// maxCoverBytes is the maximum size of a cover in base64.
const maxCoverBytes = 256 << 10

// uploadCover stores a JPEG in base64. The cover is available at once; Spotify takes a while.
func (st *state) uploadCover(req *Request) Response {
	if !req.hasScope("ugc-image-upload") {
		return insufficientScope()
	}
	p, refused := st.playlistToChange(req, false, "You cannot change the cover of a playlist you don't own.")
	if refused != nil {
		return *refused
	}
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch {
	case len(req.Body) > maxCoverBytes:
		return Problem(http.StatusRequestEntityTooLarge, "Request entity too large", "")
	case err != nil || kind != "image/jpeg":
		return badRequest("Invalid content type, expected image/jpeg")
	case bytes.ContainsAny(req.Body, "\r\n"): // the base64 decoder would ignore them
		return badRequest("Invalid image data")
	}
	data, err := base64.StdEncoding.DecodeString(string(req.Body))
	if err != nil || !bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}) {
		return badRequest("Invalid image data")
	}
	delete(st.covers, p.cover)
	p.covers++
	p.cover = "ab67706c0000da84" + ids.Hex(24, "cover", p.ID, strconv.Itoa(p.covers))
	st.covers[p.cover] = data
	return empty(http.StatusAccepted)
}

package mock

// answer_cover.go answers for a playlist's picture.

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/http"
	"strconv"

	"github.com/seed-2147f1a9/spotify/mock/internal/ids"
)

var coverAnswers = map[string]handler{
	"get-playlist-cover":           (*world).getCover,
	"upload-custom-playlist-cover": (*world).uploadCover,
}

func (w *world) getCover(x *exchange) answer {
	p, no := w.playlist(x)
	if no != nil {
		return *no
	}
	return found(encode(list(p.images())))
}

// mostCover is how many bytes a cover may have as it is sent.
const mostCover = 256 << 10

// uploadCover takes a JPEG in base64, as it is. It is there at once, where Spotify takes its time.
func (w *world) uploadCover(x *exchange) answer {
	if !x.has("ugc-image-upload") {
		return unscoped()
	}
	p, no := w.mine(x, false, "You cannot change the cover of a playlist you don't own.")
	if no != nil {
		return *no
	}
	kind, _, err := mime.ParseMediaType(x.header.Get("Content-Type"))
	switch {
	case len(x.body) > mostCover:
		return problem(http.StatusRequestEntityTooLarge, "Request entity too large", "")
	case err != nil || kind != "image/jpeg":
		return bad("Invalid content type, expected image/jpeg")
	case bytes.ContainsAny(x.body, "\r\n"): // base64 would read over them
		return bad("Invalid image data")
	}
	data, err := base64.StdEncoding.DecodeString(string(x.body))
	if err != nil || !bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}) {
		return bad("Invalid image data")
	}
	delete(w.covers, p.cover)
	p.covers++
	p.cover = "ab67706c0000da84" + ids.Hex(24, "cover", p.ID, strconv.Itoa(p.covers))
	w.covers[p.cover] = data
	return done(http.StatusAccepted)
}

package auth

// The pages contain nothing of a request: they are rendered once, when the program starts.

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
)

var (
	//go:embed login_page.html
	pageSource string
	//go:embed login_page.css
	pageStyle string

	pageTemplate = template.Must(template.New("page").Parse(pageSource))
	pagePolicy   = stylePolicy(pageStyle)
)

type page struct {
	status int
	html   []byte
}

var (
	pageDone     = newPage(200, "done", "You are logged in", "You can close this window and go back to the app.")
	pageDeclined = newPage(403, "stop", "You declined",
		"Nothing was shared. You can close this window, or go back to the app and try again.")
	pageFailed = newPage(502, "stop", "That did not work",
		"The login could not be completed. Go back to the app to see why, and try again.")
	pageOtherLogin = newPage(400, "stop", "This is not your login",
		"The link belongs to another login, or to one that took too long. Go back to the app and log in again.")
	pageUsed     = newPage(410, "stop", "Already done", "This login was completed before. You can close this window.")
	pageNotFound = newPage(404, "stop", "Nothing here", "This address is only for the end of a login.")
	pageMethod   = newPage(405, "stop", "Nothing here", "This address is only for the end of a login.")
	pageHost     = newPage(421, "stop", "Nothing here", "This address is only for the end of a login.")
)

func newPage(status int, kind, title, text string) page {
	marks := map[string]string{"done": "M20 33l9 9 16-19", "stop": "M23 23l18 18m0-18l-18 18"}
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, map[string]any{
		"Kind": kind, "Title": title, "Text": text, "Mark": marks[kind], "Style": template.CSS(pageStyle),
	})
	if err != nil {
		panic(err) // the template and its data are constants of this package
	}
	return page{status, b.Bytes()}
}

// stylePolicy returns a Content-Security-Policy that permits the page's own style and nothing else.
func stylePolicy(style string) string {
	sum := sha256.Sum256([]byte(style))
	hash := base64.StdEncoding.EncodeToString(sum[:])
	return "default-src 'none'; style-src 'sha256-" + hash +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

func writePage(w http.ResponseWriter, p page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(p.status)
	_, _ = w.Write(p.html)
}

// failurePage returns the page for a login that failed with err.
func failurePage(err error) page {
	var callback *CallbackError
	switch {
	case errors.Is(err, ErrDenied):
		return pageDeclined
	case errors.Is(err, errCodeUsed):
		return pageUsed
	case errors.As(err, &callback) && callback.Code == "":
		return pageOtherLogin
	}
	return pageFailed
}

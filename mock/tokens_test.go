package mock

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify/mock/internal/mocktest"
)

// ask sends a form to the token endpoint.
func ask(t *testing.T, rt http.RoundTripper, form url.Values) (int, map[string]any) {
	t.Helper()
	req := mocktest.Request(
		t,
		http.MethodPost,
		"https://accounts.spotify.com/api/token",
		form.Encode(),
		"Content-Type",
		"application/x-www-form-urlencoded",
	)
	req.SetBasicAuth("app", "secret")
	r := mocktest.Send(rt, req)
	var body map[string]any
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return r.Status, body
}

var appForm = url.Values{"grant_type": {"client_credentials"}}

func TestTokens(t *testing.T) {
	user := func(tr *Transport) string { token, _ := tr.Login("app", false, "user-read-private"); return token }
	app := func(t *testing.T, tr *Transport) string {
		_, body := ask(t, tr, appForm)
		return body["access_token"].(string)
	}
	for name, c := range map[string]struct {
		opts   []Option
		token  func(*testing.T, *Transport) string
		path   string
		status int
		says   string
	}{
		"any":               {nil, func(*testing.T, *Transport) string { return "Bearer any" }, "/me", 200, ""},
		"lower case scheme": {nil, func(*testing.T, *Transport) string { return "bearer any" }, "/me", 200, ""},
		"none": {nil, func(*testing.T, *Transport) string { return "" }, trackPath, 401,
			`{"error":{"status":401,"message":"No token provided"}}`},
		"Basic": {nil, func(*testing.T, *Transport) string { return "Basic eDp5" }, trackPath, 400,
			"Only valid bearer"},
		"empty": {nil, func(*testing.T, *Transport) string { return "Bearer" }, trackPath, 400,
			"Only valid bearer"},
		"strict, foreign": {[]Option{WithStrictTokens()}, func(*testing.T, *Transport) string { return "Bearer any" },
			trackPath, 401, "Invalid access token"},
		"strict, issued": {[]Option{WithStrictTokens()}, func(_ *testing.T,
			tr *Transport) string {
			return "Bearer " + user(tr)
		}, "/me", 200, ""},
		"strict, the app's": {[]Option{WithStrictTokens()}, func(t *testing.T,
			tr *Transport) string {
			return "Bearer " + app(t, tr)
		}, trackPath, 200, ""},
		"no scopes": {[]Option{WithScopes()}, func(*testing.T, *Transport) string { return "Bearer any" },
			"/me/tracks", 403, "scope"},
		"other scopes": {[]Option{WithScopes("user-top-read")},
			func(*testing.T, *Transport) string { return "Bearer any" }, "/me/tracks", 403, "scope"},
		"the scope": {[]Option{WithScopes("user-library-read")},
			func(*testing.T, *Transport) string { return "Bearer any" }, "/me/tracks", 200, ""},
		"granted others": {nil, func(_ *testing.T, tr *Transport) string { return "Bearer " + user(tr) }, "/me/tracks",
			403, "scope"},
		"expired by hand": {nil, func(_ *testing.T, tr *Transport) string {
			token := user(tr)
			tr.ExpireTokens()
			return "Bearer " + token
		}, trackPath, 401, `{"error":{"status":401,"message":"The access token expired"}}`},
		"revoked": {nil, func(_ *testing.T, tr *Transport) string {
			token := user(tr)
			tr.RevokeTokens()
			return "Bearer " + token
		}, trackPath, 401, "Invalid access token"},
		"foreign, expired by hand": {nil, func(t *testing.T, tr *Transport) string {
			mocktest.Get(t, tr, trackPath)
			tr.ExpireTokens()
			return "Bearer token"
		}, trackPath, 401, "The access token expired"},
		"foreign, new": {nil, func(t *testing.T, tr *Transport) string {
			mocktest.Get(t, tr, trackPath)
			tr.RevokeTokens()
			return "Bearer another"
		}, trackPath, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tr := New(t, c.opts...)
			req := mocktest.Request(t, "GET", c.path, "")
			req.Header.Del("Authorization")
			if token := c.token(t, tr); token != "" {
				req.Header.Set("Authorization", token)
			}
			if r := mocktest.Send(tr, req); r.Status != c.status || !strings.Contains(r.Body, c.says) {
				t.Errorf("%+v", r)
			}
		})
	}
	t.Run("the app has no user", func(t *testing.T) {
		tr := New(t)
		req := mocktest.Request(t, "GET", "/me", "", "Authorization", "Bearer "+app(t, tr))
		if r := mocktest.Send(tr, req); r.Status != 401 && r.Status != 403 {
			t.Errorf("%+v", r)
		}
	})
}

func TestTokenLifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(t, WithTokenLifetime(time.Minute))
		token, _ := tr.Login("app", true)
		if r := mocktest.Get(t, tr, trackPath, "Authorization", "Bearer "+token); r.Status != 200 {
			t.Errorf("%+v", r)
		}
		time.Sleep(time.Minute)
		if r := mocktest.Get(t, tr, trackPath, "Authorization", "Bearer "+token); r.Status != 401 ||
			!strings.Contains(r.Body, "The access token expired") {
			t.Errorf("%+v", r)
		}
		if _, body := ask(t, tr, appForm); body["expires_in"] != 60.0 {
			t.Errorf("%v", body)
		}
	})
}

func TestRotation(t *testing.T) {
	for rotation, want := range map[Rotation]string{RotateNever: "same", RotateAlways: "new", RotateOmit: "none",
		RotateLikeSpotify: "none", RotatePublic: "none"} {
		tr := New(t, WithRotation(rotation))
		_, refresh := tr.Login("app", false, "user-read-email")
		_, body := ask(t, tr, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
		got := "new"
		switch body["refresh_token"] {
		case nil:
			got = "none"
		case refresh:
			got = "same"
		}
		if got != want || body["access_token"] == nil || body["scope"] != "user-read-email" {
			t.Errorf("%d: %v", rotation, body)
		}
		tr.RevokeTokens()
		if status, body := ask(t, tr, url.Values{"grant_type": {"refresh_token"},
			"refresh_token": {refresh}}); status != 400 ||
			body["error"] != "invalid_grant" {
			t.Errorf("%d, revoked: %v", rotation, body)
		}
	}
}

// TestLogin is a complete login without a network.
func TestLogin(t *testing.T) {
	const redirect = "http://127.0.0.1:8080/callback"
	tr := New(t, WithAutoApprove(), WithStrictTokens(), WithApp("app", "secret", redirect))
	q := url.Values{
		"client_id":     {"app"},
		"response_type": {"code"},
		"redirect_uri":  {redirect},
		"state":         {"s"},
		"scope":         {"user-library-read"},
	}
	r := mocktest.Get(t, tr, "https://accounts.spotify.com/authorize?"+q.Encode())
	to, err := url.Parse(r.Header.Get("Location"))
	if r.Status != http.StatusSeeOther || err != nil || to.Query().Get("state") != "s" {
		t.Fatalf("%+v", r)
	}
	status, body := ask(
		t,
		tr,
		url.Values{"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {redirect}},
	)
	if status != 200 {
		t.Fatal(body)
	}
	if r := mocktest.Get(t, tr, "/me/tracks", "Authorization",
		"Bearer "+body["access_token"].(string)); r.Status != 200 {
		t.Errorf("%+v", r)
	}
	q.Set("client_id", "stranger")
	if r := mocktest.Get(t, tr, "https://accounts.spotify.com/authorize?"+q.Encode()); r.Status != 400 {
		t.Errorf("a stranger: %+v", r)
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, o := range map[string]Option{
		"catalogue": WithCatalogue(nil), "app": WithApp("", ""), "lifetime": WithTokenLifetime(0),
		"rotation": WithRotation(9), "limit": WithRateLimit(0, time.Second),
		"window": WithRateLimit(1, 0), "quota": WithQuota(-1), "rate": WithFaults(Faults{ErrorRate: 1.1}),
		"negative rate":  WithFaults(Faults{ResetRate: -0.1}),
		"status":         WithFaults(Faults{ErrorRate: 0.1, ErrorStatuses: []int{200}}),
		"another status": WithFaults(Faults{Errors: map[int]float64{200: 0.1}}),
		"latency":        WithFaults(Faults{MinLatency: 2, MaxLatency: 1}), "tail": WithFaults(Faults{P99Latency: 1}),
		"tail before": WithFaults(Faults{MedianLatency: 2, P99Latency: 1}), "cut": WithFaults(Faults{CutRate: 2}),
		"faults twice": option(func(s *settings) { WithFaults(Faults{}).apply(s); WithFaults(Chaos(1)).apply(s) }),
	} {
		tt := &failures{TB: t}
		if New(tt, o); len(tt.errors) != 1 || !strings.Contains(tt.said(), ": want ") && name != "app" {
			t.Errorf("%s: said %q", name, tt.said())
		}
	}
}

// A public client keeps its refresh token, which expires 6 months after the login.
func TestSummer2026(t *testing.T) {
	public := func(refresh string) url.Values {
		return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "client_id": {"app"}}
	}
	for name, c := range map[string]struct {
		opts    []Option
		rotates bool
		lasts   int // in months, negative for no end
	}{
		"by default": {nil, false, 6},
		"before":     {[]Option{WithRotation(RotatePublic), WithRefreshLifetime(-1)}, true, -1},
		"a month":    {[]Option{WithRefreshLifetime(1)}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := New(t, c.opts...)
				_, refresh := tr.Login("app", true)
				refreshed := func() bool {
					_, body := askPublic(t, tr, public(refresh))
					next, rotated := body["refresh_token"].(string)
					if body["access_token"] == nil {
						return false
					}
					if rotated != c.rotates {
						t.Errorf("a new refresh token: %v, want %v", rotated, c.rotates)
					}
					if rotated {
						refresh = next
					}
					return true
				}
				end := time.Now().AddDate(0, c.lasts, 0)
				if c.lasts < 0 {
					end = time.Now().AddDate(10, 0, 0)
				}
				time.Sleep(time.Until(end) - time.Second)
				if !refreshed() {
					t.Errorf("a second before %v: expired", end)
				}
				time.Sleep(time.Second)
				if refreshed() != (c.lasts < 0) {
					t.Errorf("at %v: expired: %v", end, c.lasts < 0)
				}
			})
		})
	}
}

func askPublic(t *testing.T, tr *Transport, form url.Values) (int, map[string]any) {
	t.Helper()
	req := mocktest.Request(t, "POST", "https://accounts.spotify.com/api/token", form.Encode(),
		"Content-Type", "application/x-www-form-urlencoded")
	req.Header.Del("Authorization")
	r := mocktest.Send(tr, req)
	var body map[string]any
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		t.Fatal(r, err)
	}
	return r.Status, body
}

func TestAccountID(t *testing.T) {
	if r := mocktest.Get(t, New(t), "/me"); !strings.Contains(r.Body, `"account_id":"`) {
		t.Errorf("%+v", r)
	}
	if r := mocktest.Get(t, New(t, WithoutAccountID()), "/me"); r.Status != 200 || strings.Contains(r.Body, "account_id") {
		t.Errorf("%+v", r)
	}
}

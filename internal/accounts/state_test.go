package accounts

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

func TestInspect(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(s *Service, user string)
		user State
		app  State
	}{
		"issued":                   {func(*Service, string) {}, Good, Good},
		"an hour later":            {func(*Service, string) { time.Sleep(time.Hour) }, Expired, Expired},
		"ExpireAccess":             {func(s *Service, _ string) { s.ExpireAccess() }, Expired, Expired},
		"RevokeLogins":             {func(s *Service, _ string) { s.RevokeLogins() }, Revoked, Good},
		"RevokeAll":                {func(s *Service, _ string) { s.RevokeAll() }, Revoked, Revoked},
		"RevokeAll, an hour later": {func(s *Service, _ string) { s.RevokeAll(); time.Sleep(time.Hour) }, Revoked, Revoked},
		"RevokeAccess":             {func(s *Service, user string) { s.RevokeAccess(user) }, Revoked, Good},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(Config{})
				user, _ := s.Login("app", false, "user-top-read")
				_, body := post(s, "secret", url.Values{"grant_type": {"client_credentials"}})
				app, _ := body["access_token"].(string)
				c.act(s, user)
				if got, scopes := s.Inspect(user); got != c.user || (got == Good) != (len(scopes) == 1) {
					t.Errorf("the user's token: %v, %v", got, scopes)
				}
				if got, scopes := s.Inspect(app); got != c.app || scopes != nil {
					t.Errorf("the app's token: %v, %v", got, scopes)
				}
				for _, foreign := range []string{"", "1", "token", "fake-access-000000", "fake-access-000099", "fake-access-x"} {
					if got, _ := s.Inspect(foreign); got != Foreign {
						t.Errorf("%q: %v", foreign, got)
					}
				}
			})
		})
	}
}

package mock

// client.go makes clients of the library that call the fake.

import (
	"errors"
	"testing"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/resources"
)

// NewClient returns a client whose calls a new fake answers, and the fake. The client is signed in as UserID unless opts say how it gets its tokens,
// and is closed with the test. For a fake with options of its own there is the method: New(t, Chaos(7)).NewClient().
func NewClient(t testing.TB, opts ...spotify.Option) (*spotify.Client, *Transport) {
	tr := New(t)
	tr.report.helper()
	return tr.NewClient(opts...), tr
}

// NewClient returns a client whose calls the fake answers. It is signed in as UserID unless opts say how it gets its tokens,
// and is closed with the test. Options that make no sense end the test, or panic where there is none.
func (tr *Transport) NewClient(opts ...spotify.Option) *spotify.Client {
	tr.report.helper()
	// The environment may name another fake; its paths need not be this one's.
	pinned := spotify.WithEndpoints(spotify.Endpoints{API: resources.DefaultBaseURL, Accounts: auth.DefaultAccountsURL})
	return tr.report.client(append([]spotify.Option{spotify.WithTransport(tr), pinned}, opts...))
}

// NewClient is the Transport's NewClient over the server's socket.
func (s *Server) NewClient(opts ...spotify.Option) *spotify.Client {
	s.report.helper()
	return s.report.client(append([]spotify.Option{spotify.WithTransport(s.Client().Transport), spotify.WithEndpoints(s.Endpoints())}, opts...))
}

// client makes a client that the test closes.
func (r *reporter) client(opts []spotify.Option) *spotify.Client {
	r.helper()
	c, err := spotify.New(opts...)
	if errors.Is(err, spotify.ErrCredentials) {
		if signedIn, another := spotify.New(append(opts, spotify.WithAccessToken("fake"))...); another == nil {
			c, err = signedIn, nil
		}
	}
	if err != nil {
		r.fatal("mock: NewClient: %v", err)
		return nil
	}
	r.cleanup(func() { _ = c.Close() })
	return c
}

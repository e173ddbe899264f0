package e2e_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-2147f1a9/spotify"
	"github.com/seed-2147f1a9/spotify/transport"
)

// TestErrorWhoseBodyIsLate: an error body may arrive later than its headers, such as after a lost
// packet. Retries do not wait for it; the caller's error still has its message.
func TestErrorWhoseBodyIsLate(t *testing.T) {
	for name, c := range map[string]struct {
		late time.Duration
		want string
	}{
		"a little": {200 * time.Millisecond, "Device not found"},
		"too much": {time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := transport.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					transport.CloseRequest(req)
					body, w := io.Pipe()
					go func() {
						if transport.Sleep(req.Context(), c.late) == nil {
							_, _ = io.WriteString(w, `{"error":{"status":404,"message":"Device not found","reason":"NO_ACTIVE_DEVICE"}}`)
						}
						_ = w.Close()
					}()
					return &http.Response{StatusCode: 404, Header: http.Header{}, Body: body, ContentLength: -1, Request: req}, nil
				})
				client, err := spotify.New(
					spotify.WithAccessToken("token"),
					spotify.WithTransport(base),
					spotify.WithTimeout(2*time.Second),
				)
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				start := time.Now()
				err = client.Player.Pause(t.Context(), nil)
				refused, ok := errors.AsType[*spotify.Error](err)
				if !ok || refused.Status != 404 || refused.Message != c.want || (refused.Reason != "") != (c.want != "") {
					t.Errorf("got %+v, want the message %q", err, c.want)
				}
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

package mock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed-2147f1a9/spotify/mock"
)

// get sends a GET request and returns its response with a closed body.
func get(rt http.RoundTripper, path string, headers ...string) *http.Response {
	req, err := http.NewRequest("GET", "https://api.spotify.com/v1"+path, nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer any")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		panic(err)
	}
	_ = resp.Body.Close()
	return resp
}

// fetch sends a GET request and prints the status code, the header and the begin of the body.
func fetch(rt http.RoundTripper, path, header string, shown int) {
	req, err := http.NewRequest("GET", "https://api.spotify.com/v1"+path, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Authorization", "Bearer any")
	resp, err := rt.RoundTrip(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, resp.Header.Get(header), string(body[:min(shown, len(body))]), err)
}

// A list may grow while it is read: here, by an item before its second page.
func ExampleFaults_growthRate() {
	fake := mock.New(nil)
	client := fake.NewClient()
	defer client.Close()
	fake.On("GET", "/playlists/{id}/items").
		When(func(c mock.Call) bool { return c.Query.Get("offset") == "100" }).
		Faults(mock.Faults{GrowthRate: 1})
	n := 0
	for _, err := range client.Playlists.AllItems(context.Background(), mock.LongPlaylistID, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		n++
	}
	fmt.Println(n)
	// Output: 1201
}

// A total may be wrong. The iterators of the library read the whole list nevertheless.
func ExampleFaults_wrongTotalRate() {
	client := mock.New(nil, mock.WithFaults(mock.Faults{WrongTotalRate: 1})).NewClient()
	defer client.Close()
	n := 0
	for _, err := range client.Shows.AllEpisodes(context.Background(), mock.ShowID, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		n++
	}
	fmt.Println(n)
	// Output: 240
}

// A link to the next page may be missing.
func ExampleFaults_wrongNextRate() {
	client := mock.New(nil, mock.WithFaults(mock.Faults{WrongNextRate: 1})).NewClient()
	defer client.Close()
	page, err := client.Shows.Episodes(context.Background(), mock.ShowID, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d, next: %q\n", len(page.Items), page.Total, page.Next)
	// Output: 20 of 240, next: ""
}

// An error may have the status code 200.
func ExampleFaults_errorIn200Rate() {
	fetch(mock.New(nil, mock.WithFaults(mock.Faults{ErrorIn200Rate: 1})), "/me", "Retry-After", 80)
	// Output: 200  {"error":{"status":502,"message":"Bad gateway."}} <nil>
}

// A client may have to follow a redirect.
func ExampleFaults_redirectRate() {
	fetch(mock.New(nil, mock.WithFaults(mock.Faults{RedirectRate: 1})), "/me", "Location", 80)
	// Output: 307 https://api.spotify.com/v1/me/  <nil>
}

// A body may be compressed for a client that did not ask for it.
func ExampleFaults_unaskedGzipRate() {
	fetch(mock.New(nil, mock.WithFaults(mock.Faults{UnaskedGzipRate: 1})), "/me", "Content-Encoding", 0)
	// Output: 200 gzip  <nil>
}

// A rule limits faults to an operation and to a number of requests.
func ExampleRule_Faults() {
	fake := mock.New(nil)
	fake.On("GET", "/me").Times(1).Faults(mock.Faults{ErrorRate: 1, ErrorStatuses: []int{503}})
	fetch(fake, "/me", "", 0)
	fetch(fake, "/me", "", 0)
	// Output:
	// 503   <nil>
	// 200   <nil>
}

// Half of the requests get one of two status codes. Which ones depends on the seed only.
func ExampleFaults_errorRate() {
	faults := mock.Faults{Seed: 3, ErrorRate: 0.5, ErrorStatuses: []int{500, 503}}
	fake := mock.New(nil, mock.WithFaults(faults))
	var codes []int
	for range 8 {
		codes = append(codes, get(fake, "/me").StatusCode)
	}
	fmt.Println(codes)
	// Output: [200 503 200 200 200 200 503 500]
}

// Errors has a rate for each status code.
func ExampleFaults_errors() {
	fake := mock.New(nil, mock.WithFaults(mock.Faults{Errors: map[int]float64{429: 0.5, 401: 0.25}}))
	seen := map[int]int{}
	for range 1000 {
		seen[get(fake, "/me").StatusCode]++
	}
	fmt.Println(seen[429] > 400, seen[401] > 200, seen[200] > 200)
	// Output: true true true
}

// A valid token may be refused. The client sends the request again, because the 401 does not say
// that the token is invalid.
func ExampleFaults_unauthorizedRate() {
	fake := mock.New(nil)
	client := fake.NewClient(impatient)
	defer client.Close()
	fake.On("GET", "/me").Times(1).Faults(mock.Faults{UnauthorizedRate: 1})
	user, err := client.Users.Me(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.DisplayName)
	for _, call := range fake.Calls("GET", "/me") {
		fmt.Println(call.Status)
	}
	// Output:
	// Wanda Quill
	// 401
	// 200
}

// A gateway may send its errors as HTML.
func ExampleFaults_htmlErrorRate() {
	faults := mock.Faults{ErrorRate: 1, ErrorStatuses: []int{502}, HTMLErrorRate: 1}
	fetch(mock.New(nil, mock.WithFaults(faults)), "/me", "Content-Type", 58)
	// Output:
	// 502 text/html; charset=utf-8 <!DOCTYPE html>
	// <html><head><title>502 Bad Gateway</title> <nil>
}

// A connection may be reset after the request took effect: Call.Applied tells.
func ExampleFaults_resetRate() {
	fake := mock.New(nil, mock.WithFaults(mock.Faults{ResetRate: 1}))
	for range 3 {
		fetch(fake, "/me", "", 0)
	}
	for _, call := range fake.Calls("GET", "/me") {
		fmt.Println(call.Status, call.Applied)
	}
	// Output:
	// read tcp: read: connection reset by peer
	// read tcp: read: connection reset by peer
	// read tcp: read: connection reset by peer
	// 0 false
	// 0 false
	// 0 true
}

// A connection may break in the middle of a body.
func ExampleFaults_cutRate() {
	fetch(mock.New(nil, mock.WithFaults(mock.Faults{CutRate: 1})), "/me", "Content-Length", 24)
	// Output: 200 445 {"display_name":"Wanda Q unexpected EOF
}

// Responses may take time: in a synctest bubble, none of the test's.
func ExampleFaults_minLatency() {
	faults := mock.Faults{MinLatency: 20 * time.Millisecond, MaxLatency: 30 * time.Millisecond}
	start := time.Now()
	fetch(mock.New(nil, mock.WithFaults(faults)), "/me", "", 0)
	fmt.Println(time.Since(start) >= 20*time.Millisecond)
	// Output:
	// 200   <nil>
	// true
}

// Half of the responses take less than the median, and 1 % longer than the 99th percentile.
func ExampleFaults_medianLatency() {
	faults := mock.Faults{MedianLatency: time.Millisecond, P99Latency: 5 * time.Millisecond}
	fake := mock.New(nil, mock.WithFaults(faults))
	start := time.Now()
	for range 20 {
		get(fake, "/me")
	}
	fmt.Println(time.Since(start) > 10*time.Millisecond)
	// Output: true
}

// A client that accepts compression gets it. The client of net/http decompresses by itself if it
// asked by itself.
func ExampleFaults_gzip() {
	fake := mock.New(nil, mock.WithFaults(mock.Faults{Gzip: true}))
	resp := get(fake, "/me")
	fmt.Println(resp.Uncompressed, resp.ContentLength)
	resp = get(fake, "/me", "Accept-Encoding", "gzip")
	fmt.Println(resp.Uncompressed, resp.Header.Get("Content-Encoding"))
	// Output:
	// true -1
	// false gzip
}

// Integers may be written as floats.
func ExampleFaults_floatRate() {
	client := mock.New(nil, mock.WithFaults(mock.Faults{FloatRate: 1})).NewClient()
	defer client.Close()
	var page struct{ Limit, Total json.RawMessage }
	err := client.Do(context.Background(), "GET", "/me/tracks", nil, nil, &page)
	fmt.Println(string(page.Limit), string(page.Total), err)
	// Output: 20.0 3000.0 <nil>
}

// A page may have nulls among its items. The iterators of the library drop them.
func ExampleFaults_nullRate() {
	fake := mock.New(nil, mock.WithFaults(mock.Faults{NullRate: 1}))
	fetch(fake, "/me/playlists?limit=1", "", 82)
	client := fake.NewClient()
	defer client.Close()
	for playlist, err := range client.Playlists.AllMine(context.Background(), nil) {
		fmt.Println(playlist.Name, err)
	}
	// Output:
	// 200  {"href":"https://api.spotify.com/v1/me/playlists?offset=0&limit=1","items":[null,{ <nil>
	// Porch Songs <nil>
	// Road Trip <nil>
	// Drafts <nil>
	// Everything, Always <nil>
	// Evenings <nil>
}

// A seed chooses the requests that get faults, and the kinds of faults: the same ones in every run.
func ExampleFaults_seed() {
	for _, seed := range []uint64{1, 2, 1} {
		fake := mock.New(nil, mock.WithFaults(mock.Faults{Seed: seed, ErrorRate: 0.5}))
		var codes []int
		for range 5 {
			codes = append(codes, get(fake, "/me").StatusCode)
		}
		fmt.Println(codes)
	}
	// Output:
	// [503 503 502 200 504]
	// [200 500 200 200 200]
	// [503 503 502 200 504]
}

// A rule delays the fake's own response.
func ExampleRule_Delay() {
	fake := mock.New(nil)
	fake.On("GET", "/me").Delay(20 * time.Millisecond)
	start := time.Now()
	fetch(fake, "/me", "", 0)
	fmt.Println(time.Since(start) >= 20*time.Millisecond)
	// Output:
	// 200   <nil>
	// true
}

// A rule without an error resets the connection.
func ExampleRule_Fail() {
	fake := mock.New(nil)
	fake.On("GET", "/me").Times(1).Fail(nil)
	fetch(fake, "/me", "", 0)
	fetch(fake, "/me", "", 0)
	// Output:
	// read tcp: read: connection reset by peer
	// 200   <nil>
}

// A rule responds with any status code and body.
func ExampleRule_Respond() {
	fake := mock.New(nil)
	fake.On("GET", "/me").Respond(502, "<html>Bad Gateway</html>").Header("Via", "1.1 gateway")
	fetch(fake, "/me", "Via", 80)
	// Output: 502 1.1 gateway <html>Bad Gateway</html> <nil>
}

// A response may depend on the call.
func ExampleRule_RespondWith() {
	fake := mock.New(nil)
	fake.On("GET", "/tracks/{id}").RespondWith(func(c mock.Call) (status int, body any) {
		return 200, map[string]any{"id": c.Path[len("/tracks/"):], "name": "Invented"}
	})
	fetch(fake, "/tracks/"+mock.TrackID, "", 80)
	// Output: 200  {"id":"6Nd0yTjLr4KmCw8EvHs2Xa","name":"Invented"} <nil>
}

// A rule may apply to some calls of an operation only.
func ExampleRule_When() {
	fake := mock.New(nil)
	fake.On("GET", "/me/tracks").When(func(c mock.Call) bool { return c.Query.Get("offset") == "50" }).Error(502, "")
	fetch(fake, "/me/tracks?offset=0", "", 0)
	fetch(fake, "/me/tracks?offset=50", "", 0)
	// Output:
	// 200   <nil>
	// 502   <nil>
}

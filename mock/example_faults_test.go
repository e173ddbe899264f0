package mock_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/seed-2147f1a9/spotify/mock"
)

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

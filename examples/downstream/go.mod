module github.com/seed-2147f1a9/spotify/examples/downstream

go 1.26.0

require (
	github.com/seed-2147f1a9/spotify v0.1.0
	golang.org/x/sync v0.25.0
)

require (
	github.com/cli/browser v1.3.0 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/gofrs/flock v0.13.2 // indirect
	github.com/hashicorp/golang-lru/v2 v2.0.7 // indirect
	github.com/jarcoal/httpmock v1.4.2 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/seed-2147f1a9/spotify => ../..

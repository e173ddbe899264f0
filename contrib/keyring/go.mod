module github.com/seed-2147f1a9/spotify/contrib/keyring

go 1.26.0

require (
	github.com/gofrs/flock v0.13.2
	github.com/seed-2147f1a9/spotify v0.1.0
	github.com/zalando/go-keyring v0.2.8
)

require (
	github.com/cli/browser v1.3.0 // indirect
	github.com/danieljoos/wincred v1.2.3 // indirect
	github.com/godbus/dbus/v5 v5.2.2 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace github.com/seed-2147f1a9/spotify => ../..

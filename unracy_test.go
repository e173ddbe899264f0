//go:build !race

package spotify_test

const racy = false

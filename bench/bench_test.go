package main

import (
	"net/http"
	"testing"
)

func BenchmarkAlbum(b *testing.B) {
	t, err := newThings()
	if err != nil {
		b.Fatal(err)
	}
	base := always(t.album)
	all, err := albumContenders(b.Context(), address, func() http.RoundTripper { return base })
	compete(b, all, err)
}

func BenchmarkPlay(b *testing.B) {
	base := always(nil)
	all, err := playContenders(b.Context(), func() http.RoundTripper { return base })
	compete(b, all, err)
}

func BenchmarkPipeline(b *testing.B) {
	all, err := pipelineContenders(b.Context())
	compete(b, all, err)
}

func BenchmarkWalk(b *testing.B) {
	t, err := newThings()
	if err != nil {
		b.Fatal(err)
	}
	playlist := newPages(1000, t.track)
	all, err := walkContenders(b.Context(), playlist, playlist)
	compete(b, all, err)
}

func compete(b *testing.B, all []contender, err error) {
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range all {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.work(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

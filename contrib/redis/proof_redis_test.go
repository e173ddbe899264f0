//go:build redis

package spotifyredis

import (
	"testing"
)

func TestProofQuotaUnknown(t *testing.T) {
	s := startRedis(t)
	r := load{each: work{Redis: []string{s.addr}, Account: "a"}}.run(t)
	t.Logf("shared: %v", r)
}

func TestProofQuotaGiven(t *testing.T) {
	s := startRedis(t)
	r := load{each: work{Redis: []string{s.addr}, Account: "a", Quota: loadQuota}, countOnly: true}.run(t)
	t.Logf("shared: %v", r)
}

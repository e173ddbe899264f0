package spotifyredis

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed limiter.lua
var limiterSource string

var limiterScript = redis.NewScript(limiterSource)

// report is a process's report to limiter.lua. Times are milliseconds, moments are ages: the
// processes' clocks are not compared. A report that arrives twice changes nothing the second time.
type report struct {
	ID        string       `json:"id"`        // of the process
	Call      uint64       `json:"call"`      // number of the report; one that arrives after a newer one is ignored
	Window    float64      `json:"window"`    // length of the rolling window
	InFlight  int          `json:"inflight"`  // calls in flight, and permits that are not used yet
	Used      int          `json:"used"`      // slots of the window that this process has taken, InFlight included
	Known     int          `json:"known"`     // slots that all processes had taken when Redis last responded
	Soon      int          `json:"soon"`      // those of them that are free within a fortieth of a window
	Want      [3]int       `json:"want"`      // calls that wait: interactive, normal, bulk
	Stock     int          `json:"stock"`     // permits ahead of demand
	Lease     int          `json:"lease"`     // the most permits at once; 0 for the fair share
	Again     int          `json:"again"`     // how often in a row the fair shares alone refused calls
	Waited    bool         `json:"-"`         // the time to ask again, which Redis has stated, is over
	Acked     uint64       `json:"acked"`     // the last report that Redis has merged
	Seq       uint64       `json:"seq"`       // the number of the newest entry of Ended
	Full      bool         `json:"full"`      // Ended has all of the last window
	Merged    bool         `json:"merged"`    // Redis has merged a report of this process before
	Back      bool         `json:"back"`      // the process could not reach Redis
	Quiet     bool         `json:"quiet"`     // grant nothing
	Leave     bool         `json:"leave"`     // the process ends
	Clear     bool         `json:"clear"`     // open the gate
	Processes int          `json:"processes"` // number of processes, as far as this one knows
	Expected  int          `json:"expected"`  // number of processes that is configured
	Quota     int          `json:"quota"`     // the quota that this process knows, of event Gen
	Bound     int          `json:"bound"`     // 1: Quota is a lower bound
	Gen       int64        `json:"gen"`
	Given     int          `json:"given"` // the configured quota, 0 for none
	Burst     int          `json:"burst"`
	Luck      float64      `json:"luck"`     // for jitter, 0 to 1
	Ended     [][5]float64 `json:"ended"`    // age, slots, calls that passed, number, age of the first grant
	Passed    [][2]int64   `json:"passed"`   // event, calls
	Rejected  [][3]float64 `json:"rejected"` // age, Retry-After, event
	Keep      int64        `json:"keep"`     // how long Redis keeps the quota
}

// Status codes of limiter.lua.
const (
	merged = 0
	resync = 1 // Redis has lost reports
	stale  = 2 // a newer report was merged before
)

// Reasons why a process has to wait; the others are of no concern to it.
const (
	whyFair  = 3 // permits are left, but they are the share of other processes
	whyLater = 4 // the number of calls in flight, or the size of a lease, is bounded
)

// reply is the result of limiter.lua.
type reply struct {
	status    int
	acked     uint64
	gate      time.Duration // until the gate opens
	quota     int
	bound     bool
	gen       int64
	processes int
	wait      time.Duration // until it is worth to ask again; negative: nothing was refused
	why       int
	used      int // slots that are taken, InFlight excluded
	inFlight  int
	ok        int
	watched   time.Duration
	closed    int64 // version of the closed groups
	eager     bool  // ends of calls are to be reported at once
	granted   []grant
}

type grant struct {
	delay time.Duration
	n     int
}

func ms(d time.Duration) float64         { return float64(d.Microseconds()) / 1000 }
func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func runLimiter(ctx context.Context, rdb redis.Scripter, keys []string, r report) (reply, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return reply{}, err
	}
	v, err := limiterScript.Run(ctx, rdb, keys, string(data)).Int64Slice()
	if err != nil {
		return reply{}, err
	}
	return parseReply(v)
}

func parseReply(v []int64) (reply, error) {
	const header = 15
	if len(v) == 1 {
		return reply{status: int(v[0])}, nil
	}
	if len(v) < header || (len(v)-header)%2 != 0 {
		return reply{}, fmt.Errorf("the script returned %d values: want %d and pairs", len(v), header)
	}
	r := reply{
		status: int(v[0]), acked: uint64(v[1]), gate: milliseconds(v[2]), quota: int(v[3]), bound: v[4] == 1, gen: v[5],
		processes: int(v[6]), wait: milliseconds(v[7]), why: int(v[8]), used: int(v[9]), inFlight: int(v[10]), ok: int(v[11]),
		watched: milliseconds(v[12]), closed: v[13], eager: v[14] > 0,
	}
	for i := header; i < len(v); i += 2 {
		r.granted = append(r.granted, grant{milliseconds(v[i]), int(v[i+1])})
	}
	return r, nil
}

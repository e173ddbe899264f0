package mock

// fate.go draws what the weather has in store for one request.

import (
	"encoding/binary"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"sync"
	"time"
)

// fate is the weather of one flight.
type fate struct {
	delay  time.Duration
	reset  bool
	status int  // an error to answer with, 0 for none
	late   bool // the reset or error comes after the request took effect
	refuse bool // a good token gets a 401
	cut    float64
	html   bool
	floats bool
	nulls  bool
}

// oracle draws fates: the same request sent the same number of times before meets the same fate in every run.
type oracle struct {
	forecast *forecast
	mu       sync.Mutex
	sent     map[uint64]uint64
}

// certain reports that there is nothing to draw.
func (f *forecast) certain() bool {
	return f.latency == nil && f.resets == 0 && f.cuts == 0 && len(f.errors) == 0 && f.html == 0 && f.floats == 0 && f.nulls == 0 && f.refuse == 0
}

func (o *oracle) draw(fl *flight) fate {
	if o.forecast.certain() {
		return fate{}
	}
	return o.forecast.draw(rand.New(rand.NewPCG(o.forecast.seed, o.nth(fl))))
}

// nth numbers the sendings of a request.
func (o *oracle) nth(fl *flight) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, fl.method+" "+fl.path+"?"+fl.url.RawQuery+"\n")
	_, _ = h.Write(fl.body)
	key := h.Sum64()
	o.mu.Lock()
	n := o.sent[key]
	o.sent[key] = n + 1
	o.mu.Unlock()
	_ = binary.Write(h, binary.LittleEndian, n)
	return h.Sum64()
}

// draw always draws as often, so that changing one rate leaves the rest of the weather as it was.
func (f *forecast) draw(dice *rand.Rand) fate {
	var w fate
	if luck := dice.Float64(); f.latency != nil {
		w.delay = f.latency(luck)
	}
	w.reset = dice.Float64() < f.resets
	w.late = dice.Float64() < 0.5
	cut, where := dice.Float64(), dice.Float64()
	if cut < f.cuts {
		w.cut = max(where, 1e-9)
	}
	w.html = dice.Float64() < f.html
	w.floats = dice.Float64() < f.floats
	w.nulls = dice.Float64() < f.nulls
	roll, which := dice.Float64(), dice.Float64()
	for _, e := range f.errors {
		if roll < e.probability {
			w.status = e.statuses[int(which*float64(len(e.statuses)))]
			break
		}
		roll -= e.probability
	}
	w.refuse = dice.Float64() < f.refuse
	if w.status != 0 && w.status < 500 {
		w.late = false // a 4xx says that nothing was done
	}
	return w
}

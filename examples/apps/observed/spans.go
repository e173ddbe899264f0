package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-2147f1a9/spotify/examples/apps/observed/spanfile"
)

// spanKeeper keeps the spans of the call that has the most to show: of those that were retried and
// succeeded within 2.5 s, the one with the most events, attempts and kinds of events. It stands in
// the place of an exporter, which would send the spans of all calls to a collector.
type spanKeeper struct {
	mu   sync.Mutex
	open map[trace.TraceID][]sdktrace.ReadOnlySpan // of calls that have not ended
	best []sdktrace.ReadOnlySpan
}

func newSpanKeeper() *spanKeeper {
	return &spanKeeper{open: map[trace.TraceID][]sdktrace.ReadOnlySpan{}}
}

// OnEnd keeps a span until the span of its call ends, which is the last one.
func (k *spanKeeper) OnEnd(s sdktrace.ReadOnlySpan) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id := s.SpanContext().TraceID()
	all := append(k.open[id], s)
	if s.Parent().IsValid() {
		k.open[id] = all
		return
	}
	delete(k.open, id)
	if weight(all) > weight(k.best) {
		k.best = all
	}
}

// weight is 0 for a call that failed, and for one too long or too short to draw.
func weight(all []sdktrace.ReadOnlySpan) (n int) {
	kinds := map[string]bool{}
	for _, s := range all {
		n += 1 + len(s.Events())
		for _, e := range s.Events() {
			kinds[e.Name] = true
		}
	}
	n += 2 * len(kinds)
	if len(all) == 0 || len(all) > 5 || has(all[len(all)-1], "error.type") {
		return 0
	}
	root := all[len(all)-1]
	if took := root.EndTime().Sub(root.StartTime()); took < 400*time.Millisecond || took > 2500*time.Millisecond {
		return 0
	}
	return n
}

func isFailed(s sdktrace.ReadOnlySpan) bool {
	return s.Status().Description != "" || has(s, "error.type")
}

func has(s sdktrace.ReadOnlySpan, key attribute.Key) bool {
	return slices.ContainsFunc(s.Attributes(), func(a attribute.KeyValue) bool { return a.Key == key })
}

// OnStart does nothing.
func (k *spanKeeper) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// Shutdown does nothing: no span is sent anywhere.
func (k *spanKeeper) Shutdown(context.Context) error { return nil }

// ForceFlush does nothing.
func (k *spanKeeper) ForceFlush(context.Context) error { return nil }

// write writes the spans of the kept call to a file, in the order of their starts.
func (k *spanKeeper) write(file string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	slices.SortFunc(k.best, func(a, b sdktrace.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	var out []spanfile.Span
	for _, s := range k.best {
		begin := k.best[0].StartTime()
		one := spanfile.Span{
			Name: s.Name(), Kind: s.SpanKind().String(), Start: s.StartTime().Sub(begin), End: s.EndTime().Sub(begin),
			Attributes: texts(s.Attributes()),
		}
		for _, e := range s.Events() {
			one.Events = append(one.Events, spanfile.Event{Name: e.Name, At: e.Time.Sub(begin), Attributes: texts(e.Attributes)})
		}
		out = append(out, one)
	}
	text, err := json.MarshalIndent(out, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

func texts(all []attribute.KeyValue) map[string]string {
	m := map[string]string{}
	for _, a := range all {
		m[string(a.Key)] = a.Value.Emit()
		if a.Value.Type() == attribute.FLOAT64 {
			m[string(a.Key)] = rounded(time.Duration(a.Value.AsFloat64() * float64(time.Second))).String()
		}
	}
	return m
}

// rounded returns a duration in whole milliseconds, or a shorter one in whole microseconds.
func rounded(d time.Duration) time.Duration {
	if d < time.Millisecond {
		return d.Round(time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

package resources

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// workers run functions on goroutines of their own. A function that panics, or that ends its
// goroutine as FailNow of package testing does, does so in the goroutine that waits for it: a
// middleware of the user's that panics is to meet the recover of its caller, not to end the program.
type workers struct {
	group  sync.WaitGroup
	failed atomic.Pointer[func()] // does again what the first function that did not return has done
}

// Go runs f.
func (w *workers) Go(f func()) { w.run(f, func() {}) }

// Wait waits for all functions to end, and panics if one of them did.
func (w *workers) Wait() {
	w.group.Wait()
	w.rethrow()
}

func (w *workers) run(f, after func()) {
	w.group.Go(func() {
		defer after()
		returned := false
		defer func() {
			if returned {
				return
			}
			failure := runtime.Goexit
			if value := recover(); value != nil {
				failure = func() { panic(value) }
			}
			w.failed.CompareAndSwap(nil, &failure)
		}()
		f()
		returned = true
	})
}

func (w *workers) rethrow() {
	if failure := w.failed.Swap(nil); failure != nil { // once: Wait is called after later's function, too
		(*failure)()
	}
}

// later runs f and returns a function that waits for its result.
func later[R any](w *workers, f func() R) (wait func() R) {
	done := make(chan R, 1)
	w.run(func() { done <- f() }, func() { close(done) })
	return func() R {
		result, ok := <-done
		if !ok {
			w.rethrow()
		}
		return result
	}
}

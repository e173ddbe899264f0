package resources

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// workers run functions in goroutines and wait for them. A panic of a function, or a runtime.Goexit
// such as that of testing.T.FailNow, is repeated in the goroutine that waits, so that a panic in a
// user's middleware reaches the recover of the caller and does not end the program.
type workers struct {
	group  sync.WaitGroup
	failed atomic.Pointer[func()] // repeats the panic or Goexit of the first function that did not return
}

// Go runs f in a goroutine.
func (w *workers) Go(f func()) { w.run(f, func() {}) }

// Wait waits until all functions have ended, and repeats the first panic.
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
	if failure := w.failed.Swap(nil); failure != nil { // once, because both Wait and the function of later call it
		(*failure)()
	}
}

// later runs f in a goroutine and returns a function that waits for its result.
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

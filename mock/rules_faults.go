package mock

// Faults injects faults into the requests that the rule applies to, in place of those of
// WithFaults. Every fault can be limited that way to an operation and to a number of requests:
//
//	fake.On("GET", "/me/tracks").Times(1).Faults(mock.Faults{RedirectRate: 1})
//
// A rule with a response of its own has no faults.
func (r *Rule) Faults(f Faults) *Rule {
	r.report.helper()
	f.check(func(format string, args ...any) { r.report.fatal("mock: Faults: "+format, args...) })
	source := &faultSource{}
	source.set(f.clone())
	return r.set(func() { r.faults = source })
}

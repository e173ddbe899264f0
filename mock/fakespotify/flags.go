package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2147f1a9/spotify/auth"
	"github.com/seed-2147f1a9/spotify/mock"
)

// config holds the values of the flags.
type config struct {
	addr       string
	tls, http2 bool
	quiet      bool

	surface      string
	clientID     string
	clientSecret string
	redirectURIs list

	strictTokens    bool
	scopes          string // as given; "none" for none, empty for all
	autoApprove     bool
	tokenLifetime   time.Duration
	rotation        string
	refreshLifetime int
	noAccountID     bool

	rateLimit           int
	rateWindow          time.Duration
	countRejected       bool
	noRetryAfter        bool
	retryAfter          time.Duration
	usedWindow          int
	usedAge             time.Duration
	strangers           float64
	strangersLump       int
	quota               int
	exhausted           list
	exhaustedFor        time.Duration
	exhaustedRetryAfter time.Duration

	chaos  uint64
	faults mock.Faults
	rules  rules

	catalogue     string
	users         list
	playlists     int
	playlistItems int
	savedTracks   int
}

// surfaces are the values of -surface.
var surfaces = map[string]func() mock.Option{
	"development":       mock.WithDevelopmentMode,
	"older-development": mock.WithOlderDevelopmentMode,
	"extended":          mock.WithExtendedQuota,
}

// rotations are the values of -rotation.
var rotations = map[string]mock.Rotation{
	"spotify": mock.RotateLikeSpotify, "never": mock.RotateNever, "always": mock.RotateAlways,
	"omit": mock.RotateOmit, "public": mock.RotatePublic,
}

// group is a part of the help: a heading, a paragraph and the names of its flags.
type group struct {
	title, text string
	flags       []string
}

// define returns the flags, whose values are stored in c, and the groups that the help shows them
// in.
func (c *config) define() (*flag.FlagSet, []*group) {
	fs := flag.NewFlagSet("fakespotify", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run returns the error and prints the help itself
	fs.Usage = func() {}
	var groups []*group
	in := func(title, text string, define func()) {
		known := map[string]bool{}
		fs.VisitAll(func(f *flag.Flag) { known[f.Name] = true })
		define()
		g := &group{title: title, text: text}
		fs.VisitAll(func(f *flag.Flag) {
			if !known[f.Name] {
				g.flags = append(g.flags, f.Name)
			}
		})
		groups = append(groups, g)
	}
	in("Server", `The server speaks plain HTTP/1.1 unless -tls or -http2 is given. Its certificate is
		signed by nobody and is the same in every run.`, func() { c.defineServer(fs) })
	in("App", `Spotify responds differently to apps in development mode and to apps with extended
		quota: they have other operations, fields, page sizes and forms of playlists. Test a program on
		each surface that it has to work on.`, func() { c.defineApp(fs) })
	in("Tokens and login", `By default every bearer token acts as the user wanda and has all scopes.
		Tokens of other users are those that the program prints at its start. The Accounts service
		responds as Spotify does since the summer of 2026; -rotation public -refresh-lifetime -1
		-no-account-id restores the older rules.`, func() { c.defineTokens(fs) })
	in("Limits", `A rejected call gets status code 429. Without these flags no call is rejected.`,
		func() { c.defineLimits(fs) })
	in("Faults", `Rates are probabilities from 0 to 1. The faults of a request depend on -seed, on the
		request and on how often the same request was sent before: two runs with the same seed inject the
		same faults. Half of the 5xx errors and of the resets come after the request took effect.`,
		func() { c.defineFaults(fs) })
	in("Rules", `A rule changes the responses of one operation. If several rules apply, the last one is used.
		Their responses have no faults and need no token.`, func() { c.defineRules(fs) })
	in("Catalogue", `The invented catalogue has about 3,700 tracks on 400 albums, 4 podcasts, 3 audiobooks,
		23 playlists and 4 users. It is the same in every run; changes last until the program exits.`,
		func() { c.defineCatalogue(fs) })
	return fs, groups
}

func (c *config) defineServer(fs *flag.FlagSet) {
	fs.StringVar(&c.addr, "addr", "127.0.0.1:8899", "`host:port` to listen on. Port 0 chooses a free one.")
	fs.BoolVar(&c.tls, "tls", false, "Speak HTTPS.")
	fs.BoolVar(&c.http2, "http2", false, "Speak HTTPS with HTTP/2.")
	fs.BoolVar(&c.quiet, "quiet", false, "Print no line for each call.")
}

func (c *config) defineApp(fs *flag.FlagSet) {
	fs.StringVar(&c.surface, "surface", "development", "`name` of the app's kind: development (development "+
		"mode since February 2026), older-development (an app in development mode that was created before "+
		"11 February 2026) or extended (extended quota).")
	fs.StringVar(&c.clientID, "client-id", "", "The only client `id` that is accepted. By default every id "+
		"is, with every secret.")
	fs.StringVar(&c.clientSecret, "client-secret", "", "The `secret` of -client-id.")
	fs.Var(&c.redirectURIs, "redirect-uris", "Redirect `URIs` of -client-id, separated by commas. By default "+
		"every URI that Spotify lets an app register is accepted.")
}

func (c *config) defineTokens(fs *flag.FlagSet) {
	fs.BoolVar(&c.strictTokens, "strict-tokens", false, "Accept only access tokens that this program issued: "+
		"at /api/token, or printed at its start.")
	fs.StringVar(&c.scopes, "scopes", "", "Grant these `scopes`, separated by commas, to bearer tokens that "+
		"were not issued at /api/token: all if empty, none for \"none\".")
	fs.BoolVar(&c.autoApprove, "auto-approve", false, "Redirect from /authorize at once, as if the user had "+
		"agreed on the page.")
	fs.DurationVar(&c.tokenLifetime, "token-lifetime", time.Hour, "Let access tokens expire after this "+
		"`duration`, 1s or more.")
	fs.StringVar(&c.rotation, "rotation", "spotify", "`treatment` of a refresh token that is used: spotify (send "+
		"none, the old one stays valid, as Spotify does since July 2026), public (send a new one to public "+
		"clients, as before), always (send a new one and revoke the old), never (send the same one) or omit "+
		"(send none).")
	fs.IntVar(&c.refreshLifetime, "refresh-lifetime", 6, "Let refresh tokens expire this many `months` after "+
		"the login; -1 for never.")
	fs.BoolVar(&c.noAccountID, "no-account-id", false, "Leave account_id out of GET /me, as Spotify did until "+
		"the summer of 2026.")
}

func (c *config) defineLimits(fs *flag.FlagSet) {
	fs.IntVar(&c.rateLimit, "rate-limit", 0, "Accept this `number` of calls in any -rate-window, and respond "+
		"429 with a Retry-After to the others; 0 for no limit.")
	fs.DurationVar(&c.rateWindow, "rate-window", 30*time.Second, "`length` of the sliding window of -rate-limit.")
	fs.BoolVar(&c.countRejected, "count-rejected", false, "Count rejected calls against -rate-limit too.")
	fs.BoolVar(&c.noRetryAfter, "no-retry-after", false, "Leave Retry-After out of the 429s of -rate-limit.")
	fs.DurationVar(&c.retryAfter, "retry-after", -1, "Send this `duration`, in whole seconds, as Retry-After "+
		"of each 429 of -rate-limit. By default Retry-After is the time until one more call is accepted.")
	fs.IntVar(&c.usedWindow, "used-window", 0, "Begin with this `number` of calls already counted by "+
		"-rate-limit.")
	fs.DurationVar(&c.usedAge, "used-age", -1, "`age` of the calls of -used-window. A negative age spreads them "+
		"evenly over the window.")
	fs.Float64Var(&c.strangers, "strangers", 0, "Let other clients of the account make calls that count "+
		"against -rate-limit, at random, this `number` of times in a window.")
	fs.IntVar(&c.strangersLump, "strangers-lump", 1, "`number` of calls that -strangers make at a time.")
	fs.IntVar(&c.quota, "quota", -1, "Accept this `number` of calls, and respond 429 with the reason "+
		"QUOTA_EXCEEDED to all others; -1 for no quota.")
	fs.Var(&c.exhausted, "exhausted", "Respond 429 with the reason QUOTA_EXCEEDED to these `operations`, "+
		"separated by commas and named as in the API reference: search,get-an-album.")
	fs.DurationVar(&c.exhaustedFor, "exhausted-for", 24*time.Hour, "`duration` of -exhausted.")
	fs.DurationVar(&c.exhaustedRetryAfter, "exhausted-retry-after", 0, "Send this `duration` as Retry-After of "+
		"-exhausted; 0 for none.")
}

func (c *config) defineFaults(fs *flag.FlagSet) {
	f := &c.faults
	rate := func(at *float64, name, share string) { fs.Float64Var(at, name, 0, "`rate` of "+share) }
	fs.Uint64Var(&f.Seed, "seed", 0, "`seed` of the random numbers of faults, and of -strangers. 0 is the same "+
		"as 1.")
	fs.Uint64Var(&c.chaos, "chaos", 0, "Inject a bit of every fault that a client can get over, with this "+
		"`seed`: up to 20 ms of latency, 2 % resets, 2 % cut bodies, 3 % 5xx, compressed bodies, and at times "+
		"HTML errors, integers as floats and nulls in pages. Other flags of this section change single "+
		"faults; 0 for none.")
	rate(&f.ErrorRate, "error-rate", "requests that get one of -error-statuses.")
	fs.Var((*statuses)(&f.ErrorStatuses), "error-statuses", "Status `codes` that -error-rate chooses from, "+
		"separated by commas. By default 500,502,503,504.")
	fs.Var((*rates)(&f.Errors), "errors", "`rates` by status code, in addition to -error-rate: 401=0.01,429=0.1.")
	rate(&f.UnauthorizedRate, "unauthorized-rate", "requests with a valid token that get 401 \"Access token missing\".")
	rate(&f.HTMLErrorRate, "html-error-rate", "errors (4xx and 5xx) that are sent as an HTML page.")
	rate(&f.ErrorIn200Rate, "error-in-200-rate", "requests that get status code 200 with an error as the body.")
	rate(&f.ResetRate, "reset-rate", "requests whose connection is reset.")
	rate(&f.CutRate, "cut-rate", "responses whose connection breaks in the middle of the body.")
	rate(&f.RedirectRate, "redirect-rate", "requests that are redirected, with 301, 302, 307 or 308, to the same "+
		"URL with a slash at the end.")
	rate(&f.GrowthRate, "growth-rate", "requests for saved items or a playlist's items before which the list grows.")
	rate(&f.WrongTotalRate, "wrong-total-rate", "pages whose total is 0, too small or too large.")
	rate(&f.WrongNextRate, "wrong-next-rate", "pages whose next is null although there are more items, or a link "+
		"although there are none.")
	rate(&f.FloatRate, "float-rate", "responses whose integers are written as floats: 640.0, 4.9E7.")
	rate(&f.NullRate, "null-rate", "responses with a null among the items of a page.")
	rate(&f.UnaskedGzipRate, "unasked-gzip-rate", "responses that are compressed although the client does not "+
		"accept that.")
	fs.BoolVar(&f.Gzip, "gzip", false, "Compress responses for clients that accept it.")
	fs.DurationVar(&f.MinLatency, "min-latency", 0, "Shortest `delay` of a response.")
	fs.DurationVar(&f.MaxLatency, "max-latency", 0, "Longest `delay` of a response. Delays are uniformly "+
		"distributed.")
	fs.DurationVar(&f.MedianLatency, "median-latency", 0, "Median `delay` of a response, in place of -min-latency "+
		"and -max-latency. Delays have a log-normal distribution.")
	fs.DurationVar(&f.P99Latency, "p99-latency", 0, "`delay` that 99 % of the responses stay below, with "+
		"-median-latency.")
}

func (c *config) defineRules(fs *flag.FlagSet) {
	fs.Var(&c.rules, "on", "`rule` for one operation, or for all with ANY and *, which may be repeated. It has a "+
		"method, a path of the API reference, and a response: a status code, 400 to 599, with a reason or "+
		"retry-after=duration, or \"reset\", or faults named like their flags. delay=duration and "+
		"times=number may follow:\n"+
		"-on 'PUT /me/player/play 403 PREMIUM_REQUIRED'\n"+
		"-on 'GET /albums/{id} 429 retry-after=5s times=1'\n"+
		"-on 'GET /me reset times=2'\n"+
		"-on 'GET /me/tracks growth-rate=0.1 seed=7'\n"+
		"-on 'ANY * 503 delay=2s times=10'")
}

func (c *config) defineCatalogue(fs *flag.FlagSet) {
	fs.StringVar(&c.catalogue, "catalogue", "", "JSON `file` with a catalogue to serve in place of the invented "+
		"one: an object with the lists artists, albums, tracks, shows, audiobooks, users, playlists and "+
		"categories, whose fields are those of package catalogue in snake case, and with saved, plays and "+
		"top: lists of URIs by user. Only names are required. The user wanda always exists:\n"+
		`{"artists": [{"id": "1hGkP9sVxWq3ZuAe7cRf5B", "name": "The Loops"}],`+"\n"+
		` "albums": [{"name": "Again", "artists": ["The Loops"], "tracks": [{"name": "On", "duration": "3m"}]}],`+"\n"+
		` "saved": {"wanda": ["spotify:artist:1hGkP9sVxWq3ZuAe7cRf5B"]}}`)
	fs.Var(&c.users, "users", "`ids` of users to add, separated by commas. The program prints a token of each.")
	fs.IntVar(&c.playlists, "playlists", 0, "Add this `number` of playlists of wanda.")
	fs.IntVar(&c.playlistItems, "playlist-items", 100, "`number` of items in each of -playlists.")
	fs.IntVar(&c.savedTracks, "saved-tracks", 0, "Add this `number` of tracks, which wanda has saved.")
}

// parse sets c from arguments. It returns flag.ErrHelp if they ask for the help.
func (c *config) parse(args []string) error {
	fs, _ := c.define()
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w; see fakespotify -h", err)
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: want flags only; see fakespotify -h", fs.Arg(0))
	}
	if err := c.check(fs); err != nil {
		return err
	}
	if c.chaos != 0 {
		return c.addChaos(fs)
	}
	return nil
}

// addChaos sets the faults of -chaos that no flag was given for.
func (c *config) addChaos(fs *flag.FlagSet) (err error) {
	merged := new(config)
	own := flag.NewFlagSet("", flag.ContinueOnError)
	merged.defineFaults(own)
	merged.faults = mock.Chaos(c.chaos) // defining a flag sets its default
	fs.Visit(func(f *flag.Flag) {
		if own.Lookup(f.Name) != nil && err == nil {
			err = own.Set(f.Name, f.Value.String())
		}
	})
	c.faults = merged.faults
	return err
}

// needs are flags that have no effect without another one.
var needs = map[string]string{
	"rate-window": "rate-limit", "count-rejected": "rate-limit", "no-retry-after": "rate-limit",
	"retry-after": "rate-limit", "used-window": "rate-limit", "used-age": "used-window", "strangers": "rate-limit",
	"strangers-lump": "strangers", "exhausted-for": "exhausted", "exhausted-retry-after": "exhausted",
	"client-secret": "client-id", "redirect-uris": "client-id", "playlist-items": "playlists",
}

// check returns an error if a flag has no effect or an unknown value.
func (c *config) check(fs *flag.FlagSet) (err error) {
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	fs.Visit(func(f *flag.Flag) {
		if other := needs[f.Name]; other != "" && !given[other] {
			err = fmt.Errorf("-%s has no effect alone: want -%s too", f.Name, other)
		}
	})
	if c.quota < -1 {
		err = fmt.Errorf("invalid -quota %d: want 0 or more, or -1 for no quota", c.quota)
	}
	if given["retry-after"] && c.retryAfter < 0 {
		err = fmt.Errorf("invalid -retry-after %v: want 0s or more; -no-retry-after leaves it out", c.retryAfter)
	}
	if surfaces[c.surface] == nil {
		err = fmt.Errorf("invalid -surface %q: want development, older-development or extended", c.surface)
	}
	if _, ok := rotations[c.rotation]; !ok {
		err = fmt.Errorf("invalid -rotation %q: want spotify, public, always, never or omit", c.rotation)
	}
	return err
}

// options returns the options of the fake.
func (c *config) options() ([]mock.Option, error) {
	opts := []mock.Option{
		surfaces[c.surface](), mock.WithTokenLifetime(c.tokenLifetime), mock.WithRotation(rotations[c.rotation]),
		mock.WithRefreshLifetime(c.refreshLifetime), mock.WithFaults(c.faults), mock.WithKeptCalls(0),
	}
	add := func(given bool, option func() mock.Option) {
		if given {
			opts = append(opts, option())
		}
	}
	add(c.tls, mock.WithTLS)
	add(c.http2, mock.WithHTTP2)
	add(c.clientID != "" || c.clientSecret != "" || len(c.redirectURIs) > 0, func() mock.Option {
		return mock.WithApp(c.clientID, c.clientSecret, c.redirectURIs...)
	})
	add(c.strictTokens, mock.WithStrictTokens)
	add(c.scopes != "", func() mock.Option { return mock.WithScopes(c.grantedScopes()...) })
	add(c.autoApprove, mock.WithAutoApprove)
	add(c.noAccountID, mock.WithoutAccountID)
	add(c.rateLimit != 0, func() mock.Option { return mock.WithRateLimit(c.rateLimit, c.rateWindow) })
	add(c.countRejected, mock.WithCountRejected)
	add(c.noRetryAfter, mock.WithoutRetryAfter)
	add(c.retryAfter >= 0, func() mock.Option { return mock.WithRetryAfter(c.retryAfter) })
	add(c.usedWindow != 0, func() mock.Option { return mock.WithUsedWindow(c.usedWindow, c.usedAge) })
	add(c.strangers != 0, func() mock.Option { return mock.WithStrangers(c.strangers, c.strangersLump) })
	add(c.quota >= 0, func() mock.Option { return mock.WithQuota(c.quota) })
	add(len(c.exhausted) > 0, func() mock.Option {
		return mock.WithExhaustedBucket(c.exhaustedFor, c.exhaustedRetryAfter, c.exhausted...)
	})
	content, err := c.content()
	if err != nil {
		return nil, err
	}
	if content != nil {
		opts = append(opts, mock.WithCatalogue(content))
	}
	return opts, nil
}

func (c *config) grantedScopes() []auth.Scope {
	var scopes []auth.Scope
	if c.scopes != "none" {
		for _, s := range strings.Split(c.scopes, ",") {
			scopes = append(scopes, auth.Scope(strings.TrimSpace(s)))
		}
	}
	return scopes
}

// list is the value of a flag with texts separated by commas, and may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(value string) error {
	for _, part := range strings.Split(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			*l = append(*l, part)
		}
	}
	return nil
}

// statuses is the value of a flag with status codes separated by commas.
type statuses []int

func (s *statuses) String() string {
	words := make([]string, len(*s))
	for i, status := range *s {
		words[i] = strconv.Itoa(status)
	}
	return strings.Join(words, ",")
}

func (s *statuses) Set(value string) error {
	*s = nil
	for _, word := range strings.Split(value, ",") {
		status, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return fmt.Errorf("invalid status code %q: want numbers separated by commas: 500,503", word)
		}
		*s = append(*s, status)
	}
	return nil
}

// rates is the value of a flag with rates by status code.
type rates map[int]float64

func (r *rates) String() string {
	var words []string
	for status, rate := range *r {
		words = append(words, fmt.Sprintf("%d=%v", status, rate))
	}
	return strings.Join(words, ",")
}

func (r *rates) Set(value string) error {
	*r = rates{}
	for _, word := range strings.Split(value, ",") {
		name, given, _ := strings.Cut(strings.TrimSpace(word), "=")
		status, err := strconv.Atoi(name)
		rate, bad := strconv.ParseFloat(given, 64)
		if err != nil || bad != nil {
			return fmt.Errorf(
				"invalid rate %q: want status codes and rates separated by commas: 401=0.01,429=0.1",
				word,
			)
		}
		(*r)[status] = rate
	}
	return nil
}

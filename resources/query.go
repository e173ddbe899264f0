package resources

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/seed-2147f1a9/spotify/internal/argument"
	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// querier is the parameters of an operation: a pointer to a struct, nil for the defaults, that adds
// itself to a query.
type querier interface{ query(q *query) }

// queryFunc is a querier without a type of its own.
type queryFunc func(q *query)

func (f queryFunc) query(q *query) { f(q) }

// query collects the path and the query parameters of one call, and the error of the first invalid
// argument. Its methods leave out a zero value, so that the API uses its default. Where a method
// has both a name and a field, name is the parameter's name in the API and field the argument's
// name in Go, for the error.
type query struct {
	op   *operations.Operation
	conf *Config
	text []byte // the path and the parameters so far
	sep  byte   // before the next parameter: '?' or '&'
	err  error
}

// queries keeps used queries for the memory of their texts.
var queries = sync.Pool{New: func() any { return new(query) }}

// add adds a parameter.
func (q *query) add(name, value string) {
	if !utf8.ValidString(value) {
		q.fail(argument.Errorf(name, value, "text in UTF-8"))
	}
	q.text = append(q.text, q.sep)
	q.text = append(q.text, name...)
	q.text = append(q.text, '=')
	q.text = append(q.text, url.QueryEscape(value)...)
	q.sep = '&'
}

// fail stores the first error.
func (q *query) fail(err error) {
	if q.err == nil {
		q.err = err
	}
}

// str adds a string.
func (q *query) str(name, value string) {
	if value != "" {
		q.add(name, value)
	}
}

// list adds comma-separated strings.
func (q *query) list(name string, values []string) {
	if len(values) > 0 {
		q.add(name, strings.Join(values, ","))
	}
}

// id adds a bare id, given as an id, a URI or a link.
func (q *query) id(name, field string, kind Kind, value string) {
	if value == "" {
		return
	}
	id, err := parseID(field, kind, value)
	if err != nil {
		q.fail(err)
	}
	q.str(name, id)
}

// ids adds comma-separated bare ids, each given as an id, a URI or a link.
func (q *query) ids(name, field string, kind Kind, values []string) {
	bare := make([]string, len(values))
	for i, value := range values {
		id, err := parseID(element(field, i), kind, value)
		if err != nil {
			q.fail(err)
		}
		bare[i] = id
	}
	q.list(name, bare)
}

// word adds one of the allowed values, or nothing for the empty value.
func word[T ~string](q *query, name, field string, value T, allowed []T) {
	if value != "" {
		choice(q, name, field, value, allowed)
	}
}

// choice adds one of the allowed values. The empty value is an error.
func choice[T ~string](q *query, name, field string, value T, allowed []T) {
	if !slices.Contains(allowed, value) {
		q.fail(argument.Errorf(field, string(value), "one of %s", listed(allowed)))
	}
	q.add(name, string(value))
}

// words adds comma-separated values, each of them one of the allowed.
func words[T ~string](q *query, name, field string, values, allowed []T) {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
		if !slices.Contains(allowed, value) {
			q.fail(argument.Errorf(element(field, i), texts[i], "one of %s", listed(allowed)))
		}
	}
	q.list(name, texts)
}

// number adds a floating-point number from lowest to highest.
func (q *query) number(name, field string, value, lowest, highest float64) {
	if !(value >= lowest && value <= highest) || math.IsInf(value, 0) { // NaN is never within
		q.fail(argument.Errorf(field, value, "%v to %v", lowest, highest))
		return
	}
	q.add(name, strconv.FormatFloat(value, 'f', -1, 64))
}

// integer adds a number from lowest to highest.
func (q *query) integer(name, field string, value, lowest, highest int) {
	if value < lowest || value > highest {
		q.fail(argument.Errorf(field, value, "%d to %d", lowest, highest))
		return
	}
	q.add(name, strconv.Itoa(value))
}

// truth adds true or false.
func (q *query) truth(name string, value bool) { q.add(name, strconv.FormatBool(value)) }

// uri adds a URI of one of the allowed kinds, given as a URI or a link.
func (q *query) uri(name, field, value string, allowed ...Kind) {
	uri, err := checkURI(field, value, allowed...)
	if err != nil {
		q.fail(err)
	}
	q.add(name, uri)
}

// longestPosition is the largest position that the API takes: 2^31-1 ms, about 24 days.
const longestPosition = math.MaxInt32 * time.Millisecond

// position adds a position in a track or an episode, in milliseconds.
func (q *query) position(name, field string, value time.Duration) {
	if value < 0 || value > longestPosition {
		q.fail(argument.Errorf(field, value, "0 to %v", longestPosition))
	}
	q.add(name, strconv.FormatInt(value.Milliseconds(), 10))
}

// moment adds a time, in milliseconds since 1970.
func (q *query) moment(name, field string, value time.Time) {
	switch ms := value.UnixMilli(); {
	case value.IsZero():
	case ms < 0:
		q.fail(argument.Errorf(field, value.Format(time.RFC3339), "a time since 1970"))
	default:
		q.add(name, strconv.FormatInt(ms, 10))
	}
}

// limit adds the page size, 1 to the operation's MaxLimit.
func (q *query) limit(limit int) {
	if limit != 0 {
		q.integer("limit", "Limit", limit, 1, q.op.MaxLimit)
	}
}

// offset adds the index of a page's first item, at most the operation's Ceiling - 1.
func (q *query) offset(offset int) {
	switch highest := q.op.Ceiling - 1; {
	case offset < 0:
		q.fail(argument.Errorf("Offset", offset, "0 or more"))
	case highest >= 0 && offset > highest:
		q.fail(argument.Errorf("Offset", offset, "0 to %d", highest))
	case offset > 0:
		q.add("offset", strconv.Itoa(offset))
	}
}

// market adds the market, or Config.Market if it is empty.
func (q *query) market(market string) {
	market = argument.Pasted(market)
	if err := checkMarket(market); err != nil {
		q.fail(err)
	} else if market == "" {
		market = q.conf.Market
	}
	q.str("market", market)
}

// locale adds the language and country of the names in the response.
func (q *query) locale(locale string) {
	locale = argument.Pasted(locale)
	if !isLocale(locale) {
		q.fail(argument.Errorf("Locale", locale,
			"a language and a country such as es_MX (ISO 639-1, ISO 3166-1 alpha-2), or nothing"))
	}
	q.str("locale", locale)
}

// isLocale reports whether s is empty, or has the form of es_MX.
func isLocale(s string) bool {
	return s == "" ||
		len(s) == 5 && isLower(s[0]) && isLower(s[1]) && s[2] == '_' && isUpper(s[3]) && isUpper(s[4])
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// GetParams are the optional parameters of the calls that return one item, or several by id.
type GetParams struct {
	// Market is an ISO 3166-1 alpha-2 code or "from_token": the response has only content that is
	// available there, and tracks are relinked to it. A user's token overrides it with the country
	// of the account. If empty, Config.Market is sent.
	Market string
}

func (p *GetParams) query(q *query) {
	if p == nil {
		p = &GetParams{}
	}
	q.market(p.Market)
}

// ListParams are the optional parameters of a call that returns a page of a list. Params with more
// fields embed it.
type ListParams struct {
	// Limit is the number of items on the page. If zero, a call uses the API's default, and an All…
	// iterator the largest page. A value outside the range that the call documents is an error.
	Limit int
	// Offset is the index of the first item, 0 by default. An iterator starts there. A negative
	// value is an error.
	Offset int
}

func (p *ListParams) query(q *query) {
	if p == nil {
		return
	}
	q.limit(p.Limit)
	q.offset(p.Offset)
}

// paging returns where the limit and the offset are stored.
func (p *ListParams) paging() (limit, offset *int) { return &p.Limit, &p.Offset }

// PageParams are ListParams for lists whose items depend on a market.
type PageParams struct {
	// Limit is as in ListParams.
	Limit int
	// Offset is as in ListParams.
	Offset int
	// Market is as in GetParams.
	Market string
}

func (p *PageParams) query(q *query) {
	if p == nil {
		p = &PageParams{}
	}
	q.market(p.Market)
	q.limit(p.Limit)
	q.offset(p.Offset)
}

// paging returns where the limit and the offset are stored.
func (p *PageParams) paging() (limit, offset *int) { return &p.Limit, &p.Offset }

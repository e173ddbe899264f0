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

// querier is what an operation's parameters are: a pointer to a struct, nil for the defaults, that writes itself into a query.
type querier interface{ query(q *query) }

// queryFunc is a querier that is made where it is needed.
type queryFunc func(q *query)

func (f queryFunc) query(q *query) { f(q) }

// query collects the query parameters of one call, and the first argument among them that is not allowed.
// Every method leaves a zero value out, which is how the API is told to use its default.
type query struct {
	op   *operations.Operation
	conf *Config
	text []byte // the path and the parameters so far
	sep  byte   // before the next parameter: '?' or '&'
	err  error
}

// queries keeps used queries for the memory of their texts.
var queries = sync.Pool{New: func() any { return new(query) }}

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

// fail keeps the first error.
func (q *query) fail(err error) {
	if q.err == nil {
		q.err = err
	}
}

// str adds a text.
func (q *query) str(name, value string) {
	if value != "" {
		q.add(name, value)
	}
}

// list adds comma-separated texts.
func (q *query) list(name string, values []string) {
	if len(values) > 0 {
		q.add(name, strings.Join(values, ","))
	}
}

// id adds the id of something, given as an id, a URI or an address; field is the argument's name in Go.
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

// ids adds comma-separated ids of a kind, each given as an id, a URI or an address; field is the list's name in Go.
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

// word adds a word from a closed set, or none; field is the argument's name in Go.
func word[T ~string](q *query, name, field string, value T, allowed []T) {
	if value != "" {
		choice(q, name, field, value, allowed)
	}
}

// choice adds a word from a closed set; field is the argument's name in Go.
func choice[T ~string](q *query, name, field string, value T, allowed []T) {
	if !slices.Contains(allowed, value) {
		q.fail(argument.Errorf(field, string(value), "one of %v", allowed))
	}
	q.add(name, string(value))
}

// words adds comma-separated words from a closed set; field is the list's name in Go.
func words[T ~string](q *query, name, field string, values, allowed []T) {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
		if !slices.Contains(allowed, value) {
			q.fail(argument.Errorf(element(field, i), texts[i], "one of %v", allowed))
		}
	}
	q.list(name, texts)
}

// number adds a number that may have a fraction; field is its name in Go, for the error when it lies outside lowest to highest.
func (q *query) number(name, field string, value, lowest, highest float64) {
	if !(value >= lowest && value <= highest) || math.IsInf(value, 0) { // NaN is never within
		q.fail(argument.Errorf(field, value, "%v to %v", lowest, highest))
		return
	}
	q.add(name, strconv.FormatFloat(value, 'f', -1, 64))
}

// integer adds a number; field is its name in Go, for the error when it lies outside lowest to highest.
func (q *query) integer(name, field string, value, lowest, highest int) {
	if value < lowest || value > highest {
		q.fail(argument.Errorf(field, value, "%d to %d", lowest, highest))
		return
	}
	q.add(name, strconv.Itoa(value))
}

// truth adds true or false.
func (q *query) truth(name string, value bool) { q.add(name, strconv.FormatBool(value)) }

// uri adds the URI of something of one of the allowed kinds, given as a URI or an address; field is the argument's name in Go.
func (q *query) uri(name, field, value string, allowed ...Kind) {
	uri, err := checkURI(field, value, allowed...)
	if err != nil {
		q.fail(err)
	}
	q.add(name, uri)
}

// longestPosition is as far as the API can count, which is more than three weeks.
const longestPosition = math.MaxInt32 * time.Millisecond

// position adds a place in something that plays, in milliseconds; field is the argument's name in Go.
func (q *query) position(name, field string, value time.Duration) {
	if value < 0 || value > longestPosition {
		q.fail(argument.Errorf(field, value, "0 to %v", longestPosition))
	}
	q.add(name, strconv.FormatInt(value.Milliseconds(), 10))
}

// moment adds a time, in milliseconds since 1970; field is the argument's name in Go.
func (q *query) moment(name, field string, value time.Time) {
	switch ms := value.UnixMilli(); {
	case value.IsZero():
	case ms < 0:
		q.fail(argument.Errorf(field, value.Format(time.RFC3339), "a time since 1970"))
	default:
		q.add(name, strconv.FormatInt(ms, 10))
	}
}

// limit adds the page size.
func (q *query) limit(limit int) {
	if limit != 0 {
		q.integer("limit", "Limit", limit, 1, q.op.MaxLimit)
	}
}

// offset adds the index of a page's first item.
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

// market adds the market, or the client's own.
func (q *query) market(market string) {
	market = argument.Pasted(market)
	if err := checkMarket(market); err != nil {
		q.fail(err)
	} else if market == "" {
		market = q.conf.Market
	}
	q.str("market", market)
}

// locale adds the language and country that names shall be in.
func (q *query) locale(locale string) {
	locale = argument.Pasted(locale)
	if !isLocale(locale) {
		q.fail(argument.Errorf("Locale", locale, "a language and a country such as es_MX (ISO 639-1, ISO 3166-1 alpha-2), or nothing"))
	}
	q.str("locale", locale)
}

// isLocale accepts two small letters and two capital ones, or nothing.
func isLocale(s string) bool {
	return s == "" || len(s) == 5 && isLower(s[0]) && isLower(s[1]) && s[2] == '_' && isUpper(s[3]) && isUpper(s[4])
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// GetParams are the optional parameters of a call that gets one thing, or several by id.
type GetParams struct {
	// Market limits the answer to what can be played there, and relinks tracks to it: two capital letters (ISO 3166-1 alpha-2) or "from_token".
	// With a user's token the user's own country wins. Empty is the market of the client, if it has one.
	Market string
}

func (p *GetParams) query(q *query) {
	if p == nil {
		p = &GetParams{}
	}
	q.market(p.Market)
}

// PageParams are the optional parameters of a call that gets a page of things which depend on the market.
type PageParams struct {
	// Limit is how many items to get. Zero is the API's default; an All… walk takes the most it may.
	Limit int
	// Offset is the index of the first item, from zero.
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

func (p *PageParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *PageParams) at(limit, offset int) *PageParams {
	next := PageParams{Limit: limit, Offset: offset}
	if p != nil {
		next.Market = p.Market
	}
	return &next
}

// ListParams are the optional parameters of a call that gets a page of things which are the same in every market.
type ListParams struct {
	// Limit is how many items to get. Zero is the API's default; an All… walk takes the most it may.
	Limit int
	// Offset is the index of the first item, from zero.
	Offset int
}

func (p *ListParams) query(q *query) {
	if p == nil {
		return
	}
	q.limit(p.Limit)
	q.offset(p.Offset)
}

func (p *ListParams) span() (limit, offset int) {
	if p == nil {
		return 0, 0
	}
	return p.Limit, p.Offset
}

func (p *ListParams) at(limit, offset int) *ListParams { return &ListParams{limit, offset} }

package conformance

// This test gives the fake's responses the forms in which Spotify has been seen to respond.

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-2147f1a9/spotify/internal/operations"
)

// distortions change every object of a response.
var distortions = map[string]func(object map[string]any){
	"whole numbers as floats": func(object map[string]any) {
		each(object, func(n json.Number) any {
			if whole, err := n.Int64(); err == nil && whole >= 1000 {
				return json.Number(strconv.FormatFloat(float64(whole), 'E', -1, 64))
			} else if err == nil {
				return n + ".0"
			}
			return n
		})
	},
	"whole numbers as texts": func(object map[string]any) { each(object, func(n json.Number) any { return n.String() }) },
	"truth values as texts": func(object map[string]any) {
		each(object, func(b bool) any { return strconv.FormatBool(b) })
	},
	"names in capitals": func(object map[string]any) {
		for name, value := range object {
			if upper := strings.ToUpper(name); upper != name && topLevel[name] == "" {
				delete(object, name)
				object[upper] = value
			}
		}
	},
	"null elements in pages and queues": func(object map[string]any) {
		for _, name := range []string{"items", "queue"} {
			if list, ok := object[name].([]any); ok {
				object[name] = append([]any{nil}, append(list, nil)...)
			}
		}
	},
	"null items and tracks": nulls("item", "track"),
	"nulls in the place of single values": nulls(
		"images",
		"width",
		"height",
		"added_at",
		"added_by",
		"album_type",
		"volume_percent",
		"progress_ms",
		"context",
		"cursors",
		"publisher",
		"popularity",
		"is_playable",
		"release_date",
		"description",
		"external_ids",
		"available_markets",
		"genres",
		"restrictions",
		"resume_point",
	),
	"null ids of what is in lists": func(object map[string]any) {
		if list, ok := object["items"].([]any); ok {
			for _, element := range list {
				if thing, ok := element.(map[string]any); ok {
					nulls("id", "uri", "href")(thing)
				}
			}
		}
	},
	"members missing": without(
		"popularity",
		"followers",
		"genres",
		"external_ids",
		"available_markets",
		"label",
		"publisher",
		"email",
		"country",
		"product",
		"added_at",
		"added_by",
		"is_playable",
		"total",
		"cursors",
		"images",
		"explicit_content",
		"description",
	),
	"old and new keys both": func(object map[string]any) {
		for newer, older := range former {
			switch value, isOlder := object[older]; {
			case object[newer] == nil && isOlder && topLevel[older] == "":
				object[newer] = value
			case object[older] == nil && object[newer] != nil && topLevel[newer] == "":
				object[older] = object[newer]
			}
		}
	},
	"publisher and duration_ms as objects": func(object map[string]any) {
		if publisher, ok := object["publisher"].(string); ok {
			object["publisher"] = map[string]any{"name": publisher}
		}
		if length, ok := object["duration_ms"].(json.Number); ok {
			object["duration_ms"] = map[string]any{"totalMilliseconds": length}
		}
	},
	"enumerations in capitals, and unknown values": func(object map[string]any) {
		for _, name := range []string{
			"album_type", "album_group", "release_date_precision", "repeat_state", "reason", "currently_playing_type", "product",
		} {
			if text, ok := object[name].(string); ok {
				object[name] = strings.ToUpper(text) + "?"
			}
		}
	},
	"items of an unknown type": func(object map[string]any) {
		for _, name := range []string{"item", "track"} {
			if thing, ok := object[name].(map[string]any); ok && object["added_by"] != nil {
				thing["type"] = "hologram"
			}
		}
	},
	"items without a type": func(object map[string]any) {
		for _, name := range []string{"item", "track"} {
			if thing, ok := object[name].(map[string]any); ok {
				without("type", "uri")(thing)
			}
		}
	},
	"precision that a date has not": func(object map[string]any) {
		if date, ok := object["release_date"].(string); ok && date != "" {
			object["release_date"], object["release_date_precision"] = date[:4], "month"
		}
	},
}

// topLevel are the members that methods return alone: with another name they have another
// meaning.
var topLevel = func() map[string]string {
	names := map[string]string{"items": "", "snapshot_id": "a version"}
	for _, op := range operations.All() {
		if op.Member != "" {
			names[op.Member] = op.Name
		}
	}
	return names
}()

// each changes the values of one kind.
func each[T any](object map[string]any, change func(T) any) {
	for name, value := range object {
		if it, ok := value.(T); ok {
			object[name] = change(it)
		}
	}
}

func nulls(names ...string) func(map[string]any) {
	return func(object map[string]any) {
		for _, name := range names {
			if _, ok := object[name]; ok {
				object[name] = nil
			}
		}
	}
}

func without(names ...string) func(map[string]any) {
	return func(object map[string]any) {
		for _, name := range names {
			if len(object) > 1 { // else it is all of the result
				delete(object, name)
			}
		}
	}
}

// In every shape, the response to every operation decodes with encoding/json and with Decode to the
// value that the method returns, and what is encoded decodes to the same.
func TestFaultsShapesOfEveryOperation(t *testing.T) {
	for name, distort := range distortions {
		t.Run(name, func(t *testing.T) {
			for _, kind := range fakes {
				shared := fake(t, kind.option)
				compared := map[string]bool{}
				for _, c := range calls {
					if strings.Contains(c.method, ".All") {
						continue // an iterator reads the pages that the method beside it reads
					}
					k := &keeper{fake: shared, change: func(text []byte) []byte { return edited(text, distort) }}
					got, err := c.do(t.Context(), services(t, k, kind.name != development), false)
					if err != nil {
						if !refusedByTable(k.all, kind.access) {
							t.Errorf("%s, %s: %v", kind.name, c.method, err)
						}
						continue
					}
					responses := succeeded(k.all)
					for i := range responses {
						responses[i].body = responses[i].given
					}
					for _, r := range compareValues(t, c.method, got, responses) {
						compared[r.op.Name] = true
					}
				}
				for _, op := range operations.All() {
					if !op.NoContent && kind.access(op.Access) && !compared[op.Name] {
						t.Errorf("%s: no value of %s was compared", kind.name, op.Name)
					}
				}
			}
		})
	}
}

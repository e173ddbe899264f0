//go:build generated

// Command oapi makes the calls of the client that oapi-codegen generates from the OpenAPI
// definition of the Web API. The generated code is not part of the project: the test puts it into
// this package at build time (go build -overlay).
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"

	_ "github.com/oapi-codegen/runtime" // of the generated code
)

var ids map[string]string

func main() {
	if err := json.Unmarshal([]byte(os.Getenv("CLIENTS_IDS")), &ids); err != nil {
		fail(err)
	}
	api, err := NewClientWithResponses(os.Getenv("SPOTIFY_BASE_URL"), WithRequestEditorFn(
		func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer any")
			return nil
		}))
	if err != nil {
		fail(err)
	}
	if os.Getenv("CLIENTS_STORIES") != "" {
		runStories(api)
		return
	}
	// Every method has a twin without the suffix, which sends the same request and returns the
	// *http.Response. Those are left out.
	var methods []string
	for i := range reflect.TypeOf(api).NumMethod() {
		if name, ok := strings.CutSuffix(reflect.TypeOf(api).Method(i).Name, "WithResponse"); ok {
			methods = append(methods, name)
		}
	}
	report("methods", methods)
	for _, c := range table {
		report("begin", map[string]any{"method": c.method})
		response, err := c.make(api)
		end(response, err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// report sends a value to the test.
func report(what string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	resp, err := http.Post(os.Getenv("CLIENTS_CONTROL")+"/"+what, "application/json", bytes.NewReader(text))
	if err != nil {
		fail(err)
	}
	if _ = resp.Body.Close(); resp.StatusCode != http.StatusOK {
		fail(fmt.Errorf("%s: %s", what, resp.Status))
	}
}

func end(result any, err error) {
	outcome := map[string]any{"ok": err == nil, "result": result, "typed": true}
	if err != nil {
		outcome["error"] = strings.Join(strings.Fields(err.Error()), " ")
	}
	report("end", outcome)
}

// make makes a call: each of the method's parameters gets its value by its type.
func (c row) make(api *ClientWithResponses) (any, error) {
	method := reflect.ValueOf(api).MethodByName(c.method + "WithResponse")
	if !method.IsValid() {
		return nil, errors.New("the client has no such method")
	}
	path := strings.Fields(fill(c.path))
	var in []reflect.Value
	for i := range method.Type().NumIn() - 1 { // without the request editors
		switch t := method.Type().In(i); {
		case t == reflect.TypeFor[context.Context]():
			in = append(in, reflect.ValueOf(context.Background()))
		case t == reflect.TypeFor[io.Reader]():
			in = append(in, reflect.ValueOf(strings.NewReader(fill(c.body))))
		case t.Kind() == reflect.String && method.Type().In(i+1) == reflect.TypeFor[io.Reader]():
			in = append(in, reflect.ValueOf(c.contentType()))
		case t.Kind() == reflect.String:
			if len(path) == 0 {
				return nil, errors.New("too few path arguments in the table")
			}
			in = append(in, reflect.ValueOf(path[0]).Convert(t))
			path = path[1:]
		default:
			text := c.body
			if t.Kind() == reflect.Pointer {
				text = c.query
			}
			value := reflect.New(t)
			if err := json.Unmarshal([]byte(fill(text)), value.Interface()); err != nil {
				return nil, fmt.Errorf("%s from %q: %w", t, text, err)
			}
			in = append(in, value.Elem())
		}
	}
	if len(path) > 0 {
		return nil, errors.New("too many path arguments in the table")
	}
	out := method.Call(in)
	if err, _ := out[1].Interface().(error); err != nil {
		return nil, err
	}
	return outcome(out[0])
}

// outcome returns the decoded body of a response: the member JSON200 or JSON201. Without an error
// the client returns responses of every status code, which its users check themselves.
func outcome(response reflect.Value) (any, error) {
	status := response.Interface().(interface{ StatusCode() int }).StatusCode()
	if status >= http.StatusBadRequest {
		return nil, fmt.Errorf("status %d", status)
	}
	member := response.Elem().FieldByName(fmt.Sprintf("JSON%d", status))
	if !member.IsValid() || member.IsNil() {
		return nil, nil
	}
	return member.Interface(), nil
}

// fill puts the ids into a text: $album stands for ids["album"].
func fill(text string) string {
	return os.Expand(text, func(name string) string { return ids[name] })
}

// runStories runs the stories.
func runStories(api *ClientWithResponses) {
	ctx := context.Background()
	album := func() (any, error) {
		response, err := api.GetAnAlbumWithResponse(ctx, ids["album"], &GetAnAlbumParams{})
		switch {
		case err != nil:
			return nil, err
		case response.JSON200 == nil:
			return "returns a response without an album, no error", nil
		}
		return "returns the album", nil
	}
	playlist := func() (any, error) {
		list, err := api.GetPlaylistWithResponse(ctx, ids["playlist"], &GetPlaylistParams{})
		if err != nil {
			return nil, err
		}
		page, err := api.GetPlaylistsItemsWithResponse(ctx, ids["playlist"], &GetPlaylistsItemsParams{})
		if err != nil {
			return nil, err
		}
		return fmt.Sprintf("%d, %d", listed(list.JSON200), listed(page.JSON200)), nil
	}
	for _, story := range []struct {
		name string
		run  func() (any, error)
	}{
		{"rateLimited", album},
		{"quota", album},
		{"quota403", album},
		{"unauthorized", func() (any, error) {
			response, err := api.GetInformationAboutTheUsersCurrentPlaybackWithResponse(
				ctx, &GetInformationAboutTheUsersCurrentPlaybackParams{})
			switch {
			case err != nil:
				return nil, err
			case response.JSON200 == nil:
				return "returns a response without a state, no error", nil
			}
			return "returns the state", nil
		}},
		{"items development", playlist},
		{"items older-development", playlist},
		{"items extended", playlist},
	} {
		report("begin", map[string]any{"method": story.name})
		end(story.run())
	}
}

// listed returns the number of items with content that a decoded playlist, or page of its items,
// has under the names of February 2026 ("items", "item").
func listed(value any) int {
	text, err := json.Marshal(value)
	if err != nil {
		return 0
	}
	var decoded struct{ Items json.RawMessage }
	type item struct{ Item *struct{ URI string } }
	var items []item
	if json.Unmarshal(text, &decoded) != nil {
		return 0
	}
	if json.Unmarshal(decoded.Items, &items) != nil {
		var page struct{ Items []item }
		_ = json.Unmarshal(decoded.Items, &page)
		items = page.Items
	}
	n := 0
	for _, i := range items {
		if i.Item != nil && i.Item.URI != "" {
			n++
		}
	}
	return n
}

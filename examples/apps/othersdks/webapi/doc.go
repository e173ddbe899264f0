// Package webapi is a client that oapi-codegen has generated from openapi.yaml.
package webapi

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o client.gen.go openapi.yaml

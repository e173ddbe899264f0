//go:build go1.27

package conformance

import jsonv2 "encoding/json/v2"

func init() {
	encoders["encoding/json/v2 of the standard library"] = func(v any) ([]byte, error) {
		return jsonv2.Marshal(v, jsonv2.FormatNilSliceAsNull(true))
	}
	v2decoders["encoding/json/v2 of the standard library"] = func(data []byte, out any) error {
		return jsonv2.Unmarshal(data, out)
	}
}

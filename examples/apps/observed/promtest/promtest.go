// Package promtest runs Debian's Prometheus against one target, and queries it.
package promtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Prometheus is a running Prometheus with its data in a temporary folder.
type Prometheus struct {
	address string
	process *exec.Cmd
	folder  string
}

const config = `global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [%q]
scrape_configs:
  - job_name: observed
    static_configs:
      - targets: [%q]
`

// Start starts a Prometheus that scrapes a target, host and port, every second and evaluates the
// rules of a file.
func Start(ctx context.Context, target, rules string) (*Prometheus, error) {
	folder, err := os.MkdirTemp("", "prometheus")
	if err != nil {
		return nil, err
	}
	p := &Prometheus{folder: folder}
	if p.address, err = freeAddress(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	rules, err = filepath.Abs(rules)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	file := filepath.Join(folder, "prometheus.yml")
	if err := os.WriteFile(file, fmt.Appendf(nil, config, rules, target), 0o600); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	p.process = exec.CommandContext(ctx, "prometheus", "--config.file="+file, "--web.listen-address="+p.address,
		"--storage.tsdb.path="+filepath.Join(folder, "data"), "--log.level=error")
	p.process.Stderr = os.Stderr
	if err := p.process.Start(); err != nil {
		p.process = nil
		return nil, errors.Join(err, p.Close())
	}
	for range 100 {
		if _, err = p.get(ctx, "/-/ready", nil); err == nil {
			return p, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("prometheus did not start: %w", err), p.Close())
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// Close stops Prometheus and removes its data.
func (p *Prometheus) Close() error {
	if p.process != nil {
		_ = p.process.Process.Kill()
		_ = p.process.Wait()
	}
	return os.RemoveAll(p.folder)
}

// Series is a series with its points in time.
type Series struct {
	Labels map[string]string
	Points []Point
}

// Point is the value of a series at a time.
type Point struct {
	Time  time.Time
	Value float64
}

// Range returns the values of an expression from start to end, a second apart.
func (p *Prometheus) Range(ctx context.Context, expression string, start, end time.Time) ([]Series, error) {
	body, err := p.get(ctx, "/api/v1/query_range", url.Values{
		"query": {expression}, "step": {"1"},
		"start": {strconv.FormatInt(start.Unix(), 10)}, "end": {strconv.FormatInt(end.Unix(), 10)},
	})
	if err != nil {
		return nil, err
	}
	var response struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
	}
	if err := json.Unmarshal(body, &response); err != nil {
		return nil, err
	}
	var all []Series
	for _, r := range response.Data.Result {
		s := Series{Labels: r.Metric}
		for _, v := range r.Values {
			at, _ := v[0].(float64)
			text, _ := v[1].(string)
			value, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, err
			}
			s.Points = append(s.Points, Point{time.Unix(int64(at), 0), value})
		}
		all = append(all, s)
	}
	return all, nil
}

func (p *Prometheus) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, resp.Status, body)
	}
	return body, err
}

// Panel is a panel of a Grafana dashboard.
type Panel struct {
	Title, Description string
	FieldConfig        struct{ Defaults struct{ Unit string } }
	Targets            []struct{ Expr, LegendFormat string }
}

// Panels returns the panels of a dashboard, with the variables of Grafana filled in: all jobs, and
// a rate over 5 s.
func Panels(file string) ([]Panel, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text = []byte(strings.NewReplacer("$__rate_interval", "5s", "$job", ".+").Replace(string(text)))
	var dashboard struct{ Panels []Panel }
	err = json.Unmarshal(text, &dashboard)
	return dashboard.Panels, err
}

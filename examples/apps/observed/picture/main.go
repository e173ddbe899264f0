// Picture draws the pictures of docs/observability.md: it runs the program observed for 40 s under
// a real Prometheus, asks Prometheus for the series of the dashboard's panels, and draws them and
// the spans of one call. It needs Debian's package prometheus. Run it in examples/apps:
//
//	go run ./observed/picture
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/seed-2147f1a9/spotify/examples/apps/observed/promtest"
	"github.com/seed-2147f1a9/spotify/examples/apps/observed/spanfile"
)

const (
	address = "127.0.0.1:21121"
	length  = 40 * time.Second
	contrib = "../../contrib/prometheus/"
	docs    = "../../docs/"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "picture")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	program, traceFile := filepath.Join(folder, "observed"), filepath.Join(folder, "trace.json")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./observed").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	observed := exec.CommandContext(ctx, program, "-listen", address, "-for", length.String(), "-trace", traceFile)
	observed.Stdout, observed.Stderr = os.Stdout, os.Stderr
	if err := observed.Start(); err != nil {
		return err
	}
	start := time.Now()
	prometheus, err := promtest.Start(ctx, address, contrib+"alerts.yml")
	if err != nil {
		_ = observed.Process.Kill()
		_ = observed.Wait()
		return err
	}
	defer prometheus.Close()
	if err := observed.Wait(); err != nil {
		return err
	}
	if err := drawTrace(traceFile); err != nil {
		return err
	}
	return drawPanels(ctx, prometheus, start.Add(4*time.Second), start.Add(length))
}

func drawTrace(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var spans []spanfile.Span
	if err := json.Unmarshal(text, &spans); err != nil {
		return err
	}
	if len(spans) == 0 {
		return fmt.Errorf("%s has no spans: run the program for longer", file)
	}
	return os.WriteFile(docs+"observability-trace.svg", []byte(trace(spans)), 0o644)
}

func drawPanels(ctx context.Context, from *promtest.Prometheus, start, end time.Time) error {
	panels, err := promtest.Panels(contrib + "dashboard.json")
	if err != nil {
		return err
	}
	plots := make([]plot, 0, len(panels))
	for _, panel := range panels {
		p := plot{title: panel.Title, unit: panel.FieldConfig.Defaults.Unit, start: start, end: end}
		for _, target := range panel.Targets {
			all, err := from.Range(ctx, target.Expr, start, end)
			if err != nil {
				return fmt.Errorf("the panel %q: %w", panel.Title, err)
			}
			if len(all) == 0 {
				return fmt.Errorf("the panel %q has no series for %s", panel.Title, target.Expr)
			}
			for _, series := range all {
				p.lines = append(p.lines, line{legend(target.LegendFormat, series.Labels), series.Points})
			}
		}
		plots = append(plots, p)
	}
	return os.WriteFile(docs+"observability-dashboard.svg", []byte(dashboard(plots)), 0o644)
}

package view

import "strconv"

// Run is days in a row with the same level, drawn as one dashed line.
type Run struct {
	Level string
	X1    int
	X2    int
}

// dayWidth is how many SVG units a day takes, with the gap after it. It must
// agree with the dash pattern of the template "bars".
const dayWidth = 4

// runs joins days with the same level, so that 90 days are a few lines.
func runs(days []Day) []Run {
	var out []Run
	for i, d := range days {
		if n := len(out); n > 0 && out[n-1].Level == d.Level {
			out[n-1].X2 = (i+1)*dayWidth - 1
			continue
		}
		out = append(out, Run{Level: d.Level, X1: i * dayWidth, X2: (i+1)*dayWidth - 1})
	}
	return out
}

// Bar is one rectangle of a bar chart that is 300 units wide and 100 high.
type Bar struct {
	X, Y, W, H string
	Name       string
	Value      int
}

// bars scales the points of a chart to the highest.
func bars(points []Point) []Bar {
	if len(points) == 0 {
		return nil
	}
	top := 1
	for _, p := range points {
		top = max(top, p.Value)
	}
	step := 300 / float64(len(points))
	out := make([]Bar, len(points))
	for i, p := range points {
		h := 100 * float64(max(0, p.Value)) / float64(top)
		out[i] = Bar{
			X: unit(float64(i) * step), Y: unit(100 - h), W: unit(step * .8), H: unit(h),
			Name: p.Name, Value: p.Value,
		}
	}
	return out
}

func unit(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

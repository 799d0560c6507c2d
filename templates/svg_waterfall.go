package templates

// Sizes of a waterfall in a file of its own, in pixels.
const (
	fallAxis   = 44 // of the sentence and the ticks above the first row
	fallRow    = 34
	fallGap    = 22  // between two waterfalls
	fallFigure = 84  // a column of figures
	fallChange = 132 // the column of differences
	fallNarrow = 720 // below this width the columns of both sides are left out
)

// WaterfallPicture is the waterfalls of a panel in a file of their own, one below
// the other.
type WaterfallPicture struct {
	Picture
	Falls []fallPlace
	Empty string
}

// fallPlace is a waterfall in pixels: where it begins and the room of its bars.
type fallPlace struct {
	Fall
	width, top, left, right int
	wide                    bool // the figures of both sides have their columns
}

// NewWaterfallPicture gives the waterfalls their places.
func NewWaterfallPicture(p Picture, v Waterfall) WaterfallPicture {
	w := WaterfallPicture{Picture: p, Empty: v.Empty}
	at := pictureHead
	for _, f := range v.Falls {
		q := fallPlace{Fall: f, width: p.Width, top: at, wide: p.Width >= fallNarrow}
		q.left = pictureSide + min(230, p.Width*3/10)
		q.right = p.Width - pictureSide - fallChange
		if q.wide {
			q.right -= 2 * fallFigure
		}
		w.Falls = append(w.Falls, q)
		at = q.y(len(f.Steps)+2) + fallGap
	}
	if len(w.Falls) == 0 {
		at += fallRow
	}
	w.Height = at
	return w
}

// y is where a row begins: the base is row 0.
func (f fallPlace) y(row int) int { return f.top + fallAxis + row*fallRow }

// x is where a place of the picture stands.
func (f fallPlace) x(at float64) float64 { return float64(f.left) + clamp(at)*f.room() }

// room is how wide the bars may be.
func (f fallPlace) room() float64 { return max(float64(f.right-f.left-16), 1) }

// labelled says whether a tick has its label: in a narrow picture the first and the
// last have.
func (f fallPlace) labelled(t Tick) bool {
	const label = 60
	return f.room() >= float64(label*len(f.Ticks)) || t == f.Ticks[0] || t == f.Ticks[len(f.Ticks)-1]
}

// base and other are the right edges of the columns of both sides.
func (f fallPlace) base() string  { return itoa(f.right + fallFigure) }
func (f fallPlace) other() string { return itoa(f.right + 2*fallFigure) }

// change is the right edge of the differences, before their errors.
func (f fallPlace) change() string { return itoa(f.width - pictureSide - 44) }

// named is a text as long as the column of names has room for.
func (f fallPlace) named(text string) string {
	return cut(text, int(float64(f.left-pictureSide-8)/pictureLetter))
}

// fill is the class of a difference as a bar.
func (d Difference) fill() string {
	if d.Tone == Worse || d.Tone == Better {
		return string(d.Tone)
	}
	return "within"
}

// ink is its class as text.
func (d Difference) ink() string {
	if d.Tone == Worse || d.Tone == Better {
		return "total " + string(d.Tone)
	}
	return "soft"
}

package quantity

import (
	"strconv"
	"time"
)

// Lasting writes how long something took or will take, to two units:
// "34 s", "1 min 20 s", "2 h 5 min". Less than a second is in milliseconds.
func Lasting(d time.Duration) string {
	switch {
	case d < 0:
		return Missing
	case d < 999500*time.Microsecond:
		return Nanoseconds(float64(d.Round(time.Microsecond)))
	case d.Round(time.Second) < time.Minute:
		return whole(d, time.Second) + " s"
	case d.Round(time.Second) < time.Hour:
		return two(d.Round(time.Second), time.Minute, "min", time.Second, "s")
	case d.Round(time.Minute) < 24*time.Hour:
		return two(d.Round(time.Minute), time.Hour, "h", time.Minute, "min")
	}
	return two(d.Round(time.Hour), 24*time.Hour, "d", time.Hour, "h")
}

// About writes a time of waiting that nobody knows exactly: "about 46 s",
// "about 1 min 20 s", "about 12 min". It is never "about 0 s".
func About(d time.Duration) string {
	switch {
	case d < 1500*time.Millisecond:
		d = time.Second
	case d < time.Minute:
	case d < 10*time.Minute:
		d = d.Round(5 * time.Second)
	case d < 2*time.Hour:
		d = d.Round(time.Minute)
	default:
		d = d.Round(5 * time.Minute)
	}
	return "about " + Lasting(d)
}

// Ago writes how long before now a moment was: "just now", "34 s ago",
// "4 min ago", "5 h ago", "yesterday", "3 days ago", and its date after a week.
// Days are those of now's time zone. A moment after now is "just now": two
// clocks rarely agree to the second.
func Ago(t, now time.Time) string {
	if t.IsZero() {
		return Missing
	}
	t = t.In(now.Location())
	d := now.Sub(t)
	switch {
	case d < 2*time.Second:
		return "just now"
	case d < time.Minute:
		return floor(d, time.Second) + " s ago"
	case d < time.Hour:
		return floor(d, time.Minute) + " min ago"
	}
	switch n := days(t, now); {
	case n == 0 || d < 6*time.Hour:
		return floor(d, time.Hour) + " h ago"
	case n == 1:
		return "yesterday"
	case n < 7:
		return strconv.Itoa(n) + " days ago"
	}
	return Date(t)
}

// Date writes a day: "22 Nov 2026".
func Date(t time.Time) string { return t.Format("2 Jan 2006") }

// Moment writes a day and a time: "22 Nov 2026 07:31".
func Moment(t time.Time) string { return t.Format("2 Jan 2006 15:04") }

// days counts the midnights between two moments of one location.
func days(t, now time.Time) int {
	noon := func(t time.Time) time.Time {
		// In UTC no day has 23 or 25 hours.
		return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	}
	return int(noon(now).Sub(noon(t)) / (24 * time.Hour))
}

func two(d, big time.Duration, bigName string, small time.Duration, smallName string) string {
	s := floor(d, big) + " " + bigName
	if rest := d % big; rest >= small {
		s += " " + floor(rest, small) + " " + smallName
	}
	return s
}

func whole(d, unit time.Duration) string { return floor(d.Round(unit), unit) }

func floor(d, unit time.Duration) string { return Count(int64(d / unit)) }

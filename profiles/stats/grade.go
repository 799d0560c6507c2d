package stats

// Grade says how much the number of rounds can carry.
type Grade string

// The grades.
const (
	// Indicative: fewer than [MinRounds] rounds, no interval and no verdict.
	Indicative Grade = "indicative"
	// Quick: an interval exists, and spans all rounds from the lowest to the highest.
	Quick Grade = "quick"
	// Usual: from [UsualRounds] rounds on.
	Usual Grade = "usual"
	// Publishable: from [PublishableRounds] rounds on.
	Publishable Grade = "publishable"
)

// Rounds from which on a grade is reached.
const (
	UsualRounds       = 10
	PublishableRounds = 20
)

// GradeOf is the grade of so many complete rounds.
func GradeOf(rounds int) Grade {
	switch {
	case rounds < MinRounds:
		return Indicative
	case rounds < UsualRounds:
		return Quick
	case rounds < PublishableRounds:
		return Usual
	}
	return Publishable
}

// Words is the grade for people: "a quick look".
func (g Grade) Words() string {
	switch g {
	case Indicative:
		return "indicative"
	case Quick:
		return "a quick look"
	case Usual:
		return "usual care"
	case Publishable:
		return "enough rounds to publish"
	}
	return string(g)
}

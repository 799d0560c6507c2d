package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
)

// What is opened on a page of lines is named by addresses, in the parameter open:
//
//	main.main:14                    what line 14 of main.main calls
//	main.main:14>net.Dial:512       … and what line 512 of net.Dial calls there
//	main.main:14'1                  line 14 in the version of the second profile, where its file was edited
//	main.main:14>*                  … with the calls that are folded into "smaller"
//	main.main:14>!                  … and down the heaviest way
//	main.main:20-31                 the lines without values from 20 on
//
// An address opens all that stand before it. Where one side has a function in
// several files, "@" and the file follow its name; %, >, @ are written as %25, %3E
// and %40 in names.
const (
	below    = ">"
	allCalls = "*"
	heaviest = "!"
)

const (
	// maxAddress and maxAddresses bound what one link names: every link of a page
	// holds it.
	maxAddress, maxAddresses = 1500, 2000
	// maxOpens is how many addresses a link names.
	maxOpens = 24
)

var escapes = strings.NewReplacer("%", "%25", below, "%3E", "@", "%40")

// nameIn writes a function, or a file, for an address.
func nameIn(function, file string) string {
	name := escapes.Replace(function)
	if file != "" {
		name += "@" + escapes.Replace(file)
	}
	return name
}

// lineIn writes a line of a function, or of a file, by the line and the side of its row.
func lineIn(name string, line int64, side int) string { return name + ":" + numberIn(line, side) }

func numberIn(line int64, side int) string {
	number := strconv.FormatInt(line, 10)
	if side != 0 {
		number += "'" + strconv.Itoa(side)
	}
	return number
}

func addressOf(step listing.Step) string {
	return lineIn(nameIn(step.Function, step.File), step.Line, step.Side)
}

// opens is what is opened.
type opens struct {
	list   []string        // as the link names it
	within map[string]bool // these, and all that they are below of
}

func opensOf(list []string) opens {
	o := opens{within: map[string]bool{}}
	for _, address := range list {
		if len(address) > maxAddress || slices.Contains(o.list, address) {
			continue
		}
		o.list = append(o.list, address)
		for i := range len(address) {
			if strings.HasPrefix(address[i:], below) {
				o.within[address[:i]] = true
			}
		}
		o.within[address] = true
	}
	return o
}

func (o opens) has(address string) bool { return o.within[address] }

// toggled is the list after an address was opened, or closed when it is open. What
// was opened longest ago is dropped where the list grows too long. ok is false for
// an address that is too long to be a link.
func (o opens) toggled(address string, open bool) (list []string, ok bool) {
	if open {
		return o.without(address), true
	}
	if len(address) > maxAddress {
		return nil, false
	}
	size := len(address)
	list = []string{address}
	for _, other := range slices.Backward(o.list) {
		if strings.HasPrefix(address, other+below) {
			continue // it is implied
		}
		size += len(other)
		if size > maxAddresses || len(list) == maxOpens {
			break
		}
		list = append(list, other)
	}
	slices.Reverse(list)
	return list, true
}

// without closes an address and all below it; what it stands below stays open.
func (o opens) without(address string) []string {
	list := []string{}
	for _, other := range o.list {
		way, deep := strings.CutSuffix(other, below+heaviest)
		if other != address && !strings.HasPrefix(other, address+below) && (!deep || !strings.HasPrefix(address, way+below)) {
			list = append(list, other)
		}
	}
	if i := strings.LastIndex(address, below); i >= 0 && !opensOf(list).has(address[:i]) {
		list = append(list, address[:i])
	}
	return list
}

package web

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// detach turns the content of a page into content that stands alone, in a file or
// in a picture of a page: links that lead to the server become text, of switches
// only the current choice is left, forms and buttons that need the server go, and
// no id is there twice. Whatever a panel comes to hold, nothing of it can load or
// lead anywhere but within the file.
func detach(content []byte) ([]byte, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(bytes.NewReader(content), body)
	if err != nil {
		return nil, fmt.Errorf("read a page that is to stand alone: %w", err)
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	prune(body)
	parts := 0
	for n := range body.Descendants() {
		if n.Type == html.ElementNode && has(n, "data-part") {
			if parts++; parts > 1 {
				distinguish(n, "-"+strconv.Itoa(parts))
			}
		}
	}
	unlink(body)
	var b bytes.Buffer
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&b, n); err != nil {
			return nil, fmt.Errorf("write a page that stands alone: %w", err)
		}
	}
	return b.Bytes(), nil
}

// prune removes below n what does nothing without the server.
func prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		prune(c)
		if c.Type == html.CommentNode || c.Type == html.ElementNode && (needsServer(c) || hollow(c)) {
			n.RemoveChild(c)
		}
		c = next
	}
}

func needsServer(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "link", "meta", "base", "noscript", "iframe", "object", "embed", "img", "datalist", "select", "textarea":
		return true
	case "form":
		return attr(n, "method") != "dialog"
	case "dialog":
		return !has(n, "data-flame-dialog")
	case "input":
		return !has(n, "data-single-search")
	case "button":
		return !has(n, "data-copy") && !has(n, "data-flame-help") && !(n.Parent != nil && n.Parent.Data == "form")
	case "a":
		return has(n, "download") || classed(n, "Panel-full", "Button") || classed(n.Parent, "Filter-active") && !classed(n, "Filter-chip") || inChoice(n) && !has(n, "aria-current")
	case "span":
		return inChoice(n) && !has(n, "aria-current")
	}
	return classed(n, "Tabs", "Pager", "Menu")
}

// hollow reports whether a fold has nothing left to open.
func hollow(n *html.Node) bool {
	if n.Data != "details" {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data != "summary" {
			return false
		}
	}
	return true
}

// inChoice reports whether a node is one of the choices of a switch.
func inChoice(n *html.Node) bool {
	return n.Parent != nil && classed(n.Parent, "Switch", "Matrix-metrics")
}

// references are attributes that name ids of the same page.
var references = map[string]bool{"for": true, "aria-labelledby": true, "aria-describedby": true, "aria-controls": true, "aria-details": true, "list": true, "headers": true}

var patternOf = regexp.MustCompile(`^url\(#([^)]*)\)$`)

// distinguish puts an ending behind each id below n and where it is named there.
func distinguish(n *html.Node, ending string) {
	ids := map[string]bool{}
	for d := range n.Descendants() {
		if v := attr(d, "id"); v != "" {
			ids[v] = true
		}
	}
	for d := range n.Descendants() {
		for i := range d.Attr {
			a := &d.Attr[i]
			target, local := strings.CutPrefix(a.Val, "#")
			m := patternOf.FindStringSubmatch(a.Val)
			switch {
			case a.Key == "id", references[a.Key] && ids[a.Val]:
				a.Val += ending
			case a.Key == "href" && local && ids[target]:
				a.Val += ending
			case m != nil && ids[m[1]]:
				a.Val = "url(#" + m[1] + ending + ")"
			}
		}
	}
}

// onlyServer are attributes by which the script of the pages finds what it asks the
// server for.
var onlyServer = map[string]bool{"data-live": true, "data-events": true, "data-swap": true, "data-comparison": true, "data-share": true, "data-part": true, "data-lines": true, "data-pivot": true, "data-alone": true, "download": true, "target": true}

// unlink makes text of every link but those to a place within the file.
func unlink(body *html.Node) {
	ids := map[string]bool{}
	for n := range body.Descendants() {
		if v := attr(n, "id"); v != "" {
			ids[v] = true
		}
	}
	for n := range body.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		kept := n.Attr[:0]
		for _, a := range n.Attr {
			if allowed(n, a, ids) {
				kept = append(kept, a)
			}
		}
		n.Attr = kept
		if n.Data == "a" && !has(n, "href") {
			n.Data, n.DataAtom = "span", atom.Span
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, "aria-") })
			if n.Namespace == "svg" {
				n.Data, n.DataAtom = "g", 0
			}
		}
	}
	for n := range body.Descendants() {
		if n.Data == "nav" && !has(n, "data-ancestors") && !leads(n) { // nothing is left to go to
			n.Data, n.DataAtom = "div", atom.Div
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return strings.HasPrefix(a.Key, "aria-") })
		}
	}
}

// leads reports whether a link is left below n.
func leads(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Data == "a" && has(d, "href") {
			return true
		}
	}
	return false
}

// allowed reports whether an attribute stays: none that loads, sends, runs or leads
// out of the file does.
func allowed(n *html.Node, a html.Attribute, ids map[string]bool) bool {
	switch {
	case onlyServer[a.Key], strings.HasPrefix(a.Key, "on"):
		return false
	case a.Key == "style", a.Key == "src", a.Key == "srcset", a.Key == "srcdoc", a.Key == "action", a.Key == "formaction", a.Key == "ping", a.Key == "poster", a.Key == "background", a.Key == "data":
		return false
	case a.Key == "data-region":
		return has(n, "data-single")
	case a.Key == "href":
		place, local := strings.CutPrefix(a.Val, "#")
		return local && (ids[place] || strings.Contains(place, "/"))
	}
	return true
}

func attr(n *html.Node, key string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// classed reports whether a node has one of the classes.
func classed(n *html.Node, classes ...string) bool {
	for _, name := range strings.Fields(attr(n, "class")) {
		for _, c := range classes {
			if name == c {
				return true
			}
		}
	}
	return false
}

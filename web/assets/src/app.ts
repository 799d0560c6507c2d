// The script of every page. Pages are whole without it: links, forms and tables.
// It only makes them quicker: a view is swapped in place of a new page, a running
// comparison is followed, commands are copied, a share is made in a dialog.
//
// Elements are found by data- attributes. Nothing here turns text into markup:
// pages are parsed by the browser as documents (load.ts), so the policy can
// demand trusted types and allow none.

import { copying } from "./copy";
import { dropping } from "./drop";
import { folds } from "./fold";
import { estimating } from "./form";
import { flames } from "./flame";
import { glossary } from "./glossary";
import { lines } from "./lines";
import { following } from "./live";
import { menus } from "./menu";
import { regions } from "./region";
import { sharing } from "./share";
import { themes } from "./theme";

// enhance is called for the page and again for each part that was swapped in.
function enhance(root: ParentNode): void {
  copying(root);
  estimating(root);
  flames(root);
  lines(root);
}

glossary(); // before menus and flames: Escape puts away a sentence first
dropping();
folds();
menus();
sharing();
themes();
regions(enhance);
following(enhance);
enhance(document);
document.querySelector<HTMLElement>("[data-summary]")?.focus();

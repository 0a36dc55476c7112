import createPurifier, { type Config, type DOMPurify } from "dompurify";
import { cleanStyle, safeSheet } from "./safe_css.ts";
import { safeLink } from "./safe_link.ts";

/** How far HTML is trusted: prose stands in the page itself, an output in a room of its own. */
export type Trust = "prose" | "output";

/** Parts that act, fetch, or ask for something; the last two come through the top layer, which nothing can clip. */
const forbiddenTags = [
  "audio",
  "base",
  "button",
  "dialog",
  "embed",
  "form",
  "frame",
  "iframe",
  "link",
  "map",
  "area",
  "meta",
  "object",
  "option",
  "picture",
  "select",
  "source",
  "template",
  "textarea",
  "track",
  "video",
];

const forbiddenAttributes = [
  "accesskey",
  "autofocus",
  "background",
  "contenteditable",
  "form",
  "is",
  "ping",
  "popover",
  "popovertarget",
  "popovertargetaction",
  "slot",
  "srcset",
];

const common: Config = {
  USE_PROFILES: { html: true, svg: true, svgFilters: true, mathMl: true },
  ALLOW_DATA_ATTR: false,
  // Headings are called as they like ("Links"); what a name could hide is asked for by no other means than its own.
  SANITIZE_DOM: false,
  // A formula's source would be read aloud beside the formula.
  ADD_FORBID_CONTENTS: ["annotation", "button", "option", "select", "textarea"],
  // A style sheet that comes first stays where it is.
  FORCE_BODY: true,
  RETURN_DOM_FRAGMENT: true,
};

const configurations: Record<Trust, Config> = {
  prose: {
    ...common,
    FORBID_TAGS: [...forbiddenTags, "style", "input", "label", "fieldset", "legend"],
    FORBID_ATTR: [...forbiddenAttributes, "name", "for"],
  },
  output: { ...common, FORBID_TAGS: forbiddenTags, FORBID_ATTR: forbiddenAttributes },
};

/** Steps of a picture are chosen, and never sent. */
const choices = new Set(["radio", "checkbox", "range"]);

const addresses = ["src", "href", "xlink:href", "poster"];

function cleanLink(link: Element): void {
  const href = link.getAttribute("href") ?? link.getAttribute("xlink:href");
  link.removeAttribute("xlink:href");
  if (href === null) return;
  const found = safeLink(href, location.href);
  if (found.opens === "nothing") return link.removeAttribute("href");
  link.setAttribute("href", found.href);
  if (found.opens === "here") return;
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer");
}

function cleanElement(element: Element, trust: Trust): void {
  cleanStyle(element, trust);
  if (element.localName === "a") cleanLink(element);
  else {
    for (const name of addresses) {
      const value = element.getAttribute(name)?.trim();
      if (value !== undefined && !/^(?:#|data:image\/)/i.test(value)) element.removeAttribute(name);
    }
  }
  // Nothing comes before its turn.
  if (Number(element.getAttribute("tabindex")) > 0) element.setAttribute("tabindex", "0");
  // The workbench's own classes are its own.
  if (trust === "prose") {
    for (const name of Array.from(element.classList)) {
      if (name.startsWith("wb-")) element.classList.remove(name);
    }
  }
}

function purifier(trust: Trust): DOMPurify {
  const purify = createPurifier(window);
  purify.addHook("uponSanitizeElement", (node, { tagName }) => {
    if (tagName === "style") node.textContent = safeSheet(node.textContent ?? "");
    const isChoice = tagName !== "input" || choices.has((node as HTMLInputElement).type);
    if (!isChoice) node.parentNode?.removeChild(node);
  });
  purify.addHook("afterSanitizeAttributes", (element) => cleanElement(element, trust));
  return purify;
}

const purifiers: Partial<Record<Trust, DOMPurify>> = {};

/**
 * What may be shown of HTML that comes from a notebook: no script and no handler, no form, no frame, nothing that is
 * fetched, and links that lead to chapters or to a window of their own. Styles stay in outputs, which
 * {@linkcode OutputList} shows in rooms of their own, and go from prose but for what formulas need.
 */
export function safeHtml(html: string, trust: Trust): DocumentFragment {
  const purify = purifiers[trust] ??= purifier(trust);
  return purify.sanitize(html, configurations[trust]) as unknown as DocumentFragment;
}

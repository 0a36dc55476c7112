/** What prose may say about the looks of one element: formulas place their signs, tables align their columns. */
const proseProperties = new Set([
  "border-bottom-width",
  "color",
  "height",
  "left",
  "margin-left",
  "margin-right",
  "margin-top",
  "min-width",
  "padding-left",
  "text-align",
  "top",
  "vertical-align",
  "width",
]);

/** An address in a style sheet that the browser would fetch: anything but a part of the same document or a picture inside. */
const fetched = /(?:url|src)\((?!\s*["']?(?:#|data:image\/))(?:"[^"]*"|'[^']*'|[^)])*\)/gi;

/** A set of pictures may name addresses without saying that they are some. */
const pictureSet = /(?:-webkit-)?image-set\([^;}]*/gi;

/** Declarations without anything that would be fetched. */
function withoutAddresses(css: string): string {
  return css.replaceAll(pictureSet, "none").replaceAll(fetched, "none");
}

/**
 * A style sheet of an output with nothing that is fetched. The browser itself reads and writes it first, so that an
 * escape such as `u\72l(` hides nothing; imports are not taken over by a sheet that a script makes.
 */
export function safeSheet(css: string): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return withoutAddresses(Array.from(sheet.cssRules, ({ cssText }) => cssText).join("\n"));
}

/** Makes the `style` attribute of one element safe: of an output nothing is fetched, of prose only a few properties stay. */
export function cleanStyle(element: Element, trust: "prose" | "output"): void {
  if (!element.hasAttribute("style")) return;
  const { style } = element as HTMLElement | SVGElement;
  if (trust === "prose") {
    for (const name of Array.from(style)) {
      if (!proseProperties.has(name)) style.removeProperty(name);
    }
  }
  const css = withoutAddresses(style.cssText);
  if (css === "") element.removeAttribute("style");
  else element.setAttribute("style", css);
}

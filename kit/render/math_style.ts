import katexCss from "katex/dist/katex.min.css" with { type: "text" };

interface Face {
  family: string;
  weight: string;
  style: string;
}

const rule = /([^{}]+)\{([^{}]*)\}/g;
const fontFaceRule = /@font-face\{[^}]*\}/g;

function property(declarations: string, name: string): string | undefined {
  return declarations.match(new RegExp(`(?:^|;)${name}:"?([^;"]+)`))?.[1];
}

function classesIn(selector: string): string[] {
  return Array.from(selector.matchAll(/\.([\w-]+)/g), (match) => match[1] ?? "").filter((name) =>
    name !== "katex"
  );
}

/** KaTeX's own rules that choose a font, each with the classes it asks for. */
const fontRules = Array.from(katexCss.replace(fontFaceRule, "").matchAll(rule)).flatMap((match) => {
  const [, selectors = "", declarations = ""] = match;
  const family = property(declarations, "font-family");
  const weight = property(declarations, "font-weight");
  const style = property(declarations, "font-style");
  if (!family && !weight && !style) return [];
  const choice = { ...(family && { family }), ...(weight && { weight }), ...(style && { style }) };
  return selectors.split(",").map((selector) => {
    const nested = selector.replace(".katex ", "").includes(" ");
    return { classes: classesIn(selector), nested, choice };
  });
});

/** The fonts that the formulas in some HTML ask for, read off their classes by KaTeX's own style sheet. */
function facesIn(html: string): Face[] {
  const elements = new Set(
    Array.from(html.matchAll(/class="([^"]*)"/g), (match) => match[1] ?? ""),
  );
  const everything = new Set(Array.from(elements).flatMap((names) => names.split(" ")));
  const plain: Face = { family: "KaTeX_Main", weight: "400", style: "normal" };
  const faces = [plain];
  for (const element of elements) {
    const names = new Set(element.split(" "));
    const face = { ...plain };
    for (const { classes, nested, choice } of fontRules) {
      if (!nested && classes.every((name) => names.has(name))) Object.assign(face, choice);
    }
    faces.push(face);
  }
  for (const { classes, nested, choice } of fontRules) {
    if (nested && classes.every((name) => everything.has(name))) {
      faces.push({ ...plain, ...choice });
    }
  }
  return faces;
}

/**
 * The style sheet for the formulas of one document, with the fonts it really uses inside, as data URLs.
 *
 * It answers how a page can show mathematics with no network and without half a megabyte of fonts: a typical chapter
 * needs three or four of KaTeX's twenty. No formula gives no style at all. Reads KaTeX's fonts from the package, so
 * it needs permission to read.
 */
export async function mathStyle(html: string): Promise<string> {
  if (!html.includes('class="katex')) return "";
  const faces = facesIn(html);
  const used = (katexCss.match(fontFaceRule) ?? []).filter((declaration) => {
    const inner = declaration.slice("@font-face{".length, -1);
    return faces.some((face) =>
      property(inner, "font-family") === face.family &&
      property(inner, "font-weight") === face.weight &&
      property(inner, "font-style") === face.style
    );
  });
  const embedded = await Promise.all(used.map(async (declaration) => {
    const file = declaration.match(/url\((fonts\/[\w-]+\.woff2)\)/)?.[1];
    const font = await Deno.readFile(new URL(import.meta.resolve(`katex/dist/${file}`)));
    const source = `src:url(data:font/woff2;base64,${font.toBase64()}) format("woff2")`;
    return declaration.replace(/src:[^}]*/, source);
  }));
  return embedded.join("") + katexCss.replace(fontFaceRule, "");
}

/**
 * Makes the names inside one figure its own: every id, everything that refers to it, and the classes that Plot makes.
 *
 * Two figures on one page may both hold a clip path `plot-clip-1` or style the same class; the browser then takes the
 * first for both. A prefix, one for each output, keeps them apart. Other classes stay, as the page styles those.
 */
export function isolate(markup: string, prefix: string): string {
  const ids = new Set(Array.from(markup.matchAll(/\sid="([^"]+)"/g), (match) => match[1] ?? ""));
  const own = (name: string) => ids.has(name) ? `${prefix}-${name}` : name;
  return markup
    .replace(/(\sid=")([^"]+)"/g, (_, head: string, name: string) => `${head}${own(name)}"`)
    .replace(
      /(\s(?:xlink:)?href="#)([^"]+)"/g,
      (_, head: string, name: string) => `${head}${own(name)}"`,
    )
    .replace(
      /(url\((?:&quot;|["'])?#)([^)"'&]+)/g,
      (_, head: string, name: string) => head + own(name),
    )
    .replace(
      /(\saria-(?:labelledby|describedby|controls|details)=")([^"]+)"/g,
      (_, head: string, names: string) => `${head}${names.split(/\s+/).map(own).join(" ")}"`,
    )
    .replace(/(\sfor=")([^"]+)"/g, (_, head: string, name: string) => `${head}${own(name)}"`)
    .replace(
      /<style[^>]*>[^]*?<\/style>/g,
      (style) =>
        style.replace(/#([\w-]+)/g, (hash, name: string) => ids.has(name) ? `#${own(name)}` : hash),
    )
    .replace(/\bplot-([0-9a-f]{6})\b/g, `plot-$1-${prefix}`);
}

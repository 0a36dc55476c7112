const element =
  /<(?:img|script|iframe|frame|audio|video|source|track|embed|object|link|input|image|use|feImage)\b[^>]*>/gi;
const address =
  /\s(?:src|srcset|href|xlink:href|data|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;
const styleAddress = /url\(\s*(?:&quot;|["'])?([^)"'&]*)|@import\s+["']([^"']*)/gi;

/** The addresses that a browser would load by itself to show some HTML: images, scripts, style sheets, fonts. */
export function findRequests(html: string): string[] {
  const loaded = Array.from(html.matchAll(element), ([tag]) => Array.from(tag.matchAll(address)));
  const styles = Array.from(
    html.matchAll(/<style[^>]*>[^]*?<\/style>|\sstyle="[^"]*"/gi),
    ([style]) => Array.from(style.matchAll(styleAddress)),
  );
  return [...loaded, ...styles].flat()
    .map((match) => (match[1] ?? match[2] ?? match[3] ?? "").trim())
    .filter((url) => url !== "" && !/^(?:data:|#)/i.test(url));
}

/**
 * Passes HTML on when it shows with no network and beside no other file.
 *
 * @throws {RangeError} when it would load something, naming it.
 */
export function requireSelfContained(html: string, name: string): string {
  const [request] = findRequests(html);
  if (request === undefined) return html;
  throw new RangeError(
    `Cannot render ${name} as everything must be inside the file: current value is ${request}`,
  );
}

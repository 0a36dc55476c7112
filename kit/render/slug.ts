/** The fragment of an address for a heading: "What moves, per step?" becomes `what-moves-per-step`. */
export function slug(heading: string): string {
  const words = heading.normalize("NFKD").toLowerCase().match(/[\p{Letter}\p{Number}]+/gu);
  return words?.join("-") ?? "section";
}

/** Slugs that never repeat in one document: the second `your-turn` is `your-turn-2`. */
export function createSlugs(): (heading: string) => string {
  const taken = new Set<string>();
  return (heading) => {
    const base = slug(heading);
    let candidate = base;
    for (let count = 2; taken.has(candidate); count += 1) candidate = `${base}-${count}`;
    taken.add(candidate);
    return candidate;
  };
}

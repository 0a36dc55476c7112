/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useEffect, useState } from "preact/hooks";
import type { SearchHit } from "../protocol.ts";
import { Html } from "./html.tsx";
import { fetchJson, type Loaded } from "./load.ts";
import { SearchBox } from "./search_box.tsx";
import { TopBar } from "./top_bar.tsx";

/** How long typing rests before it is looked for, in milliseconds. */
const pause = 150;

function useHits(query: string): Loaded<readonly SearchHit[]> {
  const [hits, setHits] = useState<Loaded<readonly SearchHit[]>>({ state: "loading" });
  useEffect(() => {
    if (query === "") return setHits({ state: "here", value: [] });
    const controller = new AbortController();
    const timer = setTimeout(() => {
      fetchJson<readonly SearchHit[]>(
        `/api/search?q=${encodeURIComponent(query)}`,
        controller.signal,
      ).then(
        (value) => setHits({ state: "here", value }),
        (error) => {
          if (!controller.signal.aborted) setHits({ state: "failed", reason: error.message });
        },
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [query]);
  return hits;
}

function Hit({ hit }: { hit: SearchHit }) {
  const address = `/chapters/${encodeURIComponent(hit.chapter)}${hit.anchor && `#${hit.anchor}`}`;
  return (
    <li>
      <span aria-hidden="true">{hit.number}</span>
      <div>
        <a href={address}>{hit.heading || hit.title}</a>
        <div class="wb-hit-chapter">Chapter {hit.number}: {hit.title}</div>
        <Html as="p" html={hit.excerpt} />
      </div>
    </li>
  );
}

function summary(query: string, hits: Loaded<readonly SearchHit[]>): string {
  if (query === "") return "Type what you look for: a term, a technique, a device.";
  if (hits.state === "loading") return "Looking…";
  if (hits.state === "failed") return hits.reason;
  const { length } = hits.value;
  if (length === 0) return `Nothing in the course says “${query}”.`;
  return `${length} ${length === 1 ? "place" : "places"} for “${query}”, the best first.`;
}

/** The page of search results, which follows what is typed. */
export function SearchPage() {
  const [query, setQuery] = useState(() =>
    new URLSearchParams(location.search).get("q")?.trim() ?? ""
  );
  const hits = useHits(query);
  return (
    <>
      <a class="skip" href="#main">Skip to the results</a>
      <TopBar search={false} />
      <main id="main" class="index wb-list" tabIndex={-1}>
        <h1>Search</h1>
        <SearchBox
          query={query}
          onType={(words) => {
            setQuery(words.trim());
            history.replaceState(null, "", `/search?q=${encodeURIComponent(words.trim())}`);
          }}
        />
        <p class="wb-muted" role="status">{summary(query, hits)}</p>
        <ol class="chapters">
          {hits.state === "here" &&
            hits.value.map((hit, index) => <Hit key={index} hit={hit} />)}
        </ol>
      </main>
    </>
  );
}

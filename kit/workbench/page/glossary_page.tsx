/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useState } from "preact/hooks";
import type { GlossaryEntry } from "../protocol.ts";
import { Html } from "./html.tsx";
import { useLoaded } from "./load.ts";
import { TopBar } from "./top_bar.tsx";

/** The letter under which a term stands; digits and signs stand together. */
function letterOf({ term }: GlossaryEntry): string {
  const letter = term.normalize("NFKD").charAt(0).toUpperCase();
  return /\p{Letter}/u.test(letter) ? letter : "0–9";
}

function fits({ term, also }: GlossaryEntry, words: string): boolean {
  return [term, ...also].some((name) => name.toLowerCase().includes(words.toLowerCase().trim()));
}

function Entry({ entry }: { entry: GlossaryEntry }) {
  const { term, also, definition, chapter, number, anchor } = entry;
  return (
    <div class="wb-term">
      <dt>
        {term}
        {also.length > 0 && <span class="wb-also">also {also.join(", ")}</span>}
      </dt>
      <dd>
        <Html as="div" html={definition} />
        <a href={`/chapters/${encodeURIComponent(chapter)}${anchor && `#${anchor}`}`}>
          Chapter {number}
          <span class="visually-hidden">, where {term} is explained</span>
        </a>
      </dd>
    </div>
  );
}

function Glossary({ entries }: { entries: readonly GlossaryEntry[] }) {
  const [words, setWords] = useState("");
  const found = entries.filter((entry) => fits(entry, words));
  const letters = [...Map.groupBy(found, letterOf)];
  return (
    <>
      <p class="wb-filter">
        <label>
          <span>Show terms with</span>
          <input
            type="text"
            value={words}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </label>
        <span class="wb-muted" role="status">
          {found.length === entries.length
            ? `${entries.length} terms`
            : `${found.length} of ${entries.length} terms`}
        </span>
      </p>
      <nav class="wb-letters" aria-label="Letters">
        {letters.map(([letter]) => <a key={letter} href={`#letter-${letter}`}>{letter}</a>)}
      </nav>
      {letters.map(([letter, group]) => (
        <section key={letter} aria-labelledby={`letter-${letter}`}>
          <h2 id={`letter-${letter}`}>{letter}</h2>
          <dl class="wb-terms">
            {group.map((entry) => <Entry key={entry.term} entry={entry} />)}
          </dl>
        </section>
      ))}
    </>
  );
}

/** The terms of the course, each with a link to where it is explained. */
export function GlossaryPage() {
  const glossary = useLoaded<readonly GlossaryEntry[]>("/api/glossary");
  return (
    <>
      <a class="skip" href="#main">Skip to the terms</a>
      <TopBar here="glossary" />
      <main id="main" class="index wb-list" tabIndex={-1}>
        <h1>Glossary</h1>
        {glossary.state === "loading" && <p class="wb-muted">One moment…</p>}
        {glossary.state === "failed" && <p role="alert">{glossary.reason}</p>}
        {glossary.state === "here" && <Glossary entries={glossary.value} />}
      </main>
    </>
  );
}

/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";

/** Whether keys that are pressed now are typed somewhere. */
function isTyping(): boolean {
  return document.activeElement?.matches("input, textarea, select, [contenteditable=true]") ??
    false;
}

export interface SearchBoxProps {
  readonly query: string;
  /** What is typed, where it is answered at once; elsewhere Enter opens the page of results. */
  readonly onType?: (query: string) => void;
}

/** Where words are typed that are looked for in all chapters. The key `/` leads here. */
export function SearchBox({ query, onType }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
      event.preventDefault();
      input.current?.select();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  return (
    <form
      class="wb-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const words = input.current?.value.trim() ?? "";
        if (words) location.assign(`/search?q=${encodeURIComponent(words)}`);
      }}
    >
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        name="q"
        defaultValue={query}
        placeholder="Search"
        aria-label="Search the course"
        aria-keyshortcuts="/"
        title="Search the course (press /)"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onType?.(event.currentTarget.value)}
      />
    </form>
  );
}

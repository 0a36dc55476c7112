/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useState } from "preact/hooks";
import { courseName } from "../../render/course_name.ts";
import { Icon } from "./icons.tsx";
import { SearchBox } from "./search_box.tsx";

// kit/render/theme_script.js runs before anything is painted and brings these.
declare function isDark(): boolean;
declare function toggleTheme(): void;

function ThemeButton() {
  const [dark, setDark] = useState(isDark);
  return (
    <button
      class="theme"
      type="button"
      aria-pressed={dark}
      aria-label="Dark colors"
      title="Dark colors"
      onClick={() => {
        toggleTheme();
        setDark(isDark());
      }}
    >
      <Icon name="half" size={18} />
    </button>
  );
}

/** The bar on top of every page. */
export function TopBar({ here, search = true }: { here?: "glossary"; search?: boolean }) {
  return (
    <header class="bar wb-top">
      <a class="brand" href="/">{courseName}</a>
      {search && <SearchBox query="" />}
      <a href="/glossary" {...(here === "glossary" && { "aria-current": "page" as const })}>
        Glossary
      </a>
      <ThemeButton />
    </header>
  );
}

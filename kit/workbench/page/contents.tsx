/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useEffect, useState } from "preact/hooks";
import type { ChapterView } from "../protocol.ts";
import { Html } from "./html.tsx";

/** The table of contents, open where there is room beside the text. */
export function Contents({ contents }: Pick<ChapterView, "contents">) {
  const [wide] = useState(() => matchMedia("(min-width: 68rem)"));
  const [open, setOpen] = useState(wide.matches);
  useEffect(() => {
    const follow = () => setOpen(wide.matches);
    wide.addEventListener("change", follow);
    return () => wide.removeEventListener("change", follow);
  }, []);
  if (contents.length === 0) return <div />;
  return (
    <nav class="contents" aria-label="On this page">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>On this page</summary>
        <ol>
          {contents.map(({ id, html }) => (
            <li key={id}>
              <a href={`#${id}`}>
                <Html html={html} />
              </a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}

/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { safeHtml } from "./safe_html.ts";

export interface HtmlProps {
  readonly html: string;
  readonly as?: "div" | "span" | "p" | "dd";
  readonly class?: string;
}

/** Prose of a notebook in the page. It is drawn again only when it is another. */
export function Html({ html, as: Tag = "span", class: name }: HtmlProps) {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(() => element.current?.replaceChildren(safeHtml(html, "prose")), [html]);
  return <Tag ref={element as RefObject<never>} {...(name && { class: name })} />;
}

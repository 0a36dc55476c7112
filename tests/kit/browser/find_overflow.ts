import type { Page } from "playwright-core";

/** A slide that holds more than it can show, in pixels of the slide. */
export interface Overflow {
  /** The slide's number, as it stands in its corner. */
  slide: number;
  title: string;
  /** How far the content reaches below the slide, or past its right edge. Zero when it does not. */
  below: number;
  beside: number;
}

/**
 * Walks through every slide of an open deck with all fragments shown and reports those whose content does not fit.
 *
 * Nothing on a slide can be scrolled while someone presents, so a line of code that is cut counts as well. Show the
 * deck at 1280 by 720, where a pixel of the window is a pixel of the slide.
 */
export function findOverflow(page: Page): Promise<Overflow[]> {
  return page.evaluate(() => {
    interface Deck {
      getSlides(): HTMLElement[];
      getIndices(slide: HTMLElement): { h: number; v?: number };
      slide(h: number, v: number, fragment: number): void;
    }
    const deck = (globalThis as unknown as { Reveal: Deck }).Reveal;
    return deck.getSlides().flatMap((section, index) => {
      const { h, v = 0 } = deck.getIndices(section);
      deck.slide(h, v, section.querySelectorAll(".fragment").length);
      const slide = section.querySelector(".slide");
      if (!slide) return [];
      const padding = getComputedStyle(slide);
      const frame = slide.getBoundingClientRect();
      const bottom = frame.bottom - parseFloat(padding.paddingBottom);
      const right = frame.right - parseFloat(padding.paddingRight);
      const visible = Array.from(slide.querySelectorAll("*")).filter((element) =>
        !element.closest("aside, .katex-mathml, .visually-hidden, svg *") &&
        element.getClientRects().length > 0
      );
      const boxes = visible.map((element) => element.getBoundingClientRect());
      const cut = visible.filter((element) => getComputedStyle(element).overflowX !== "visible")
        .map((element) => element.scrollWidth - element.clientWidth);
      const below = Math.round(Math.max(0, ...boxes.map((box) => box.bottom - bottom)));
      const beside = Math.round(Math.max(0, ...boxes.map((box) => box.right - right), ...cut));
      if (below <= 1 && beside <= 1) return [];
      const title = slide.querySelector("h1, h2, h3")?.textContent ?? "";
      return [{ slide: index + 1, title, below, beside }];
    });
  });
}

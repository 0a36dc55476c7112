import { assertEquals } from "@std/assert";
import { nameGroups, renderSvg } from "../../../kit/render/figure.ts";

Deno.test("renderSvg() labels an unlabeled drawing with the output's text", () => {
  assertEquals(
    renderSvg("<svg><g/></svg>", 'rates <"a">', "p"),
    '<svg role="img" aria-label="rates &lt;&quot;a&quot;&gt;"><g/></svg>',
  );
});

Deno.test("renderSvg() keeps a drawing's own label and role", () => {
  const svg = '<svg role="img" aria-label="Rates"><g/></svg>';
  assertEquals(renderSvg(svg, "Rates", "p"), svg);
  assertEquals(renderSvg(svg, "", "p"), svg);
});

Deno.test("renderSvg() keeps a longer description for screen readers, tied to the drawing", () => {
  assertEquals(
    renderSvg('<svg aria-label="Rates"><g/></svg>', "Rates rise, then stay flat.", "p"),
    '<svg aria-label="Rates" role="img" aria-describedby="p-description"><g/></svg>' +
      '<p class="visually-hidden" id="p-description">Rates rise, then stay flat.</p>',
  );
});

Deno.test("renderSvg() drops what XML puts before the drawing", () => {
  assertEquals(
    renderSvg('<?xml version="1.0"?>\n<svg></svg>', "a", "p"),
    '<svg role="img" aria-label="a"></svg>',
  );
});

Deno.test("nameGroups() gives named groups a role and leaves the others alone", () => {
  assertEquals(
    nameGroups(
      '<g aria-label="line"/><g fill="a" aria-label="dot"/><g role="list" aria-label="a"/><g/>',
    ),
    '<g role="group" aria-label="line"/><g role="group" fill="a" aria-label="dot"/><g role="list" aria-label="a"/><g/>',
  );
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderDocument } from "../../../kit/render/document.ts";

const parts = {
  title: "A < B",
  styles: ["", "a{}"],
  body: "<main></main>",
  scripts: ['const x = "</script><!-- <script>";'],
};

Deno.test("renderDocument() lets no string of a script end it", () => {
  const html = renderDocument(parts);
  assertStringIncludes(html, 'const x = "\\x3C/script>\\x3C!-- \\x3Cscript>";');
  assertEquals(html.match(/<\/script>/g)?.length, 2);
});

Deno.test("renderDocument() tells the browser to fetch nothing", () => {
  assertStringIncludes(renderDocument(parts), "default-src 'none'");
  assertStringIncludes(renderDocument(parts), "frame-src 'none'");
});

Deno.test("renderDocument() escapes the title and names the language", () => {
  const html = renderDocument(parts);
  assertStringIncludes(html, "<title>A &lt; B</title>");
  assert(/^<!doctype html>\n<html lang="en">/.test(html));
});

import { assertEquals, assertThrows } from "@std/assert";
import { findRequests, requireSelfContained } from "../../../kit/render/self_contained.ts";

for (
  const [html, found] of [
    ['<img src="https://a.org/x.png">', "https://a.org/x.png"],
    ["<img alt='a' src='figure.png'>", "figure.png"],
    ['<script src="//a.org/x.js"></script>', "//a.org/x.js"],
    ['<link rel="stylesheet" href="style.css">', "style.css"],
    ["<iframe src=page.html></iframe>", "page.html"],
    ["<style>@import 'a.css';</style>", "a.css"],
    ['<style>a { background: url("b.png") }</style>', "b.png"],
    ['<p style="background: url(c.png)">', "c.png"],
    ['<svg><image href="d.png"/></svg>', "d.png"],
  ] as const
) {
  Deno.test(`findRequests() sees that a browser would load ${html}`, () =>
    assertEquals(findRequests(html), [found]));
}

Deno.test("findRequests() passes data URLs, fragments, links and text", () => {
  const html =
    '<img src="data:image/png;base64,AA"><use href="#a"/><a href="https://a.org">a</a><style>a{fill:url(#b)}</style>' +
    "<pre>&lt;img src=&quot;x.png&quot;&gt; url(y.png)</pre>";
  assertEquals(findRequests(html), []);
});

Deno.test("requireSelfContained() names what would be loaded, and where", () => {
  const message =
    "Cannot render chapter 01 as everything must be inside the file: current value is a.png";
  assertThrows(() => requireSelfContained('<img src="a.png">', "chapter 01"), RangeError, message);
});

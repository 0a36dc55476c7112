import { assertEquals } from "@std/assert";
import { isolate } from "../../../kit/render/isolate.ts";

Deno.test("isolate() prefixes ids and every way of referring to them", () => {
  assertEquals(
    isolate(
      '<svg aria-labelledby="t other"><title id="t">T</title><clipPath id="c"/><g clip-path="url(#c)"/>' +
        '<use href="#c"/><use xlink:href="#c"/><g style="fill:url(&quot;#c&quot;)"/></svg>',
      "p",
    ),
    '<svg aria-labelledby="p-t other"><title id="p-t">T</title><clipPath id="p-c"/><g clip-path="url(#p-c)"/>' +
      '<use href="#p-c"/><use xlink:href="#p-c"/><g style="fill:url(&quot;#p-c&quot;)"/></svg>',
  );
});

Deno.test("isolate() leaves references to names outside the figure alone", () => {
  const link = '<a href="#chapter">to</a><g fill="url(#page-pattern)"/>';
  assertEquals(isolate(link, "p"), link);
});

Deno.test("isolate() keeps colors in a style apart from ids", () => {
  assertEquals(
    isolate('<g id="abc"/><style>#abc { fill: #abd }</style>', "p"),
    '<g id="p-abc"/><style>#p-abc { fill: #abd }</style>',
  );
});

Deno.test("isolate() gives Plot's own classes a name for each figure and leaves the course's", () => {
  assertEquals(
    isolate(
      '<svg class="plot-d6a7b5 fewer-bytes"><style>:where(.plot-d6a7b5) {}</style></svg>',
      "p",
    ),
    '<svg class="plot-d6a7b5-p fewer-bytes"><style>:where(.plot-d6a7b5-p) {}</style></svg>',
  );
});

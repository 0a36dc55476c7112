import { assertEquals } from "@std/assert";
import { safeLink } from "../../../../kit/workbench/page/safe_link.ts";

const page = "http://127.0.0.1:8000/chapters/01_memory_wall";

Deno.test("safeLink() opens chapters and places of the page in the same window", () => {
  assertEquals(safeLink("#ridge", page), { opens: "here", href: "#ridge" });
  for (const href of ["/chapters/02_x#a", "02_x#a", "http://127.0.0.1:8000/chapters/02_x#a"]) {
    assertEquals(safeLink(href, page), {
      opens: "here",
      href: "http://127.0.0.1:8000/chapters/02_x#a",
    });
  }
});

Deno.test("safeLink() opens everything else beside", () => {
  for (
    const href of [
      "https://arxiv.org/abs/1",
      "//evil.example/chapters/02_x",
      "http://127.0.0.1:8001/chapters/02_x",
      "http://localhost:8000/chapters/02_x",
      "mailto:a@b.example",
    ]
  ) assertEquals(safeLink(href, page).opens, "beside", href);
});

Deno.test("safeLink() leads nowhere for scripts, files, and what only the workbench asks for", () => {
  for (
    const href of [
      "javascript:alert(1)",
      " java\nscript:alert(1)",
      "data:text/html,x",
      "blob:http://127.0.0.1:8000/x",
      "file:///etc/passwd",
      "/api/progress",
      "/chapters/../api/progress",
      "http://",
    ]
  ) assertEquals(safeLink(href, page).opens, "nothing", href);
});

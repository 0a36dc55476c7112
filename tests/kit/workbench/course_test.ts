import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { text } from "../../../kit/notebook/mod.ts";
import { Course } from "../../../kit/workbench/course.ts";
import { mayRun, notebookOf, Project } from "../check/project.ts";

const ignore = !mayRun;
const first = "notebooks/01_first.ipynb";

Deno.test({
  name: "a course has its chapters in order, and says which cannot be read",
  ignore,
  async fn() {
    await using project = await Project.create({
      "notebooks/02_second.ipynb": notebookOf({ markdown: "# Two & $x$\n\nA *summary*." }),
      [first]: notebookOf({ markdown: "# One" }),
      "notebooks/03_broken.ipynb": "<<<<<<< HEAD",
      "notebooks/notes.ipynb": notebookOf("1"),
    });
    const course = await Course.open(project.root);
    assertEquals(course.names, ["01_first", "02_second", "03_broken"]);
    assertEquals(course.books.map(({ name }) => name), ["01_first", "02_second"]);
    const { link, previous, next } = course.place("02_second");
    assertEquals([link.number, link.plainTitle, link.summary], [
      2,
      "Two & x",
      "A <em>summary</em>.",
    ]);
    assertEquals([previous?.name, next?.name], ["01_first", "03_broken"]);
    assertEquals(course.view.unreadable.map(({ name }) => name), ["03_broken"]);
    for (const name of ["04_none", "", "../secret", "notes"]) {
      assertThrows(() => course.pathOf(name), RangeError, `current value is ${name}`);
    }
  },
});

Deno.test({
  name: "refresh() reads again what has changed, and keeps what has not",
  ignore,
  async fn() {
    await using project = await Project.create({
      [first]: notebookOf({ markdown: "# One" }),
      "notebooks/02_second.ipynb": notebookOf({ markdown: "# Two" }),
    });
    const course = await Course.open(project.root);
    const [, second] = course.books;
    await project.write(first, notebookOf({ markdown: "# Changed here" }));
    await course.refresh();
    assertEquals(course.place("01_first").link.plainTitle, "Changed here");
    assertEquals(course.books[1]?.book === second?.book, true);
  },
});

Deno.test({
  name: "original() is the course's own copy, whatever the learner has made of the notebook",
  ignore,
  async fn() {
    await using project = await Project.create({
      [first]: notebookOf({ markdown: "# One" }, "mine"),
      "data/chapters/01_first.ipynb": notebookOf({ markdown: "# One" }, "stub"),
    });
    const course = await Course.open(project.root);
    assertEquals(text((await course.original("01_first")).cells[1]!.source), "stub");
    assertEquals((await course.originals()).map(({ name }) => name), ["01_first"]);
    await assertRejects(() => course.original("02_none"), Deno.errors.NotFound);
  },
});

/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { render } from "preact";
import { ChapterPage } from "./chapter_page.tsx";
import { CoursePage } from "./course_page.tsx";
import { courseName } from "../../render/course_name.ts";
import { GlossaryPage } from "./glossary_page.tsx";
import { SearchPage } from "./search_page.tsx";

/** The page that belongs to an address of the workbench. */
function pageAt(path: string) {
  const chapter = path.match(/^\/chapters\/([^/]+)\/?$/)?.[1];
  if (chapter) return <ChapterPage name={decodeURIComponent(chapter)} />;
  if (path === "/glossary") {
    document.title = `Glossary · ${courseName}`;
    return <GlossaryPage />;
  }
  if (path === "/search") {
    document.title = `Search · ${courseName}`;
    return <SearchPage />;
  }
  document.title = courseName;
  return <CoursePage />;
}

const app = document.getElementById("app");
if (app) render(pageAt(location.pathname), app);

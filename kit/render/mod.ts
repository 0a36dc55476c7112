export { type Chapter, chapterNumber, describeChapter } from "./chapter.ts";
export { courseName } from "./course_name.ts";
export { type DeckOptions, renderDeck } from "./deck.ts";
export { type IndexOptions, renderIndex, thesis } from "./index.ts";
export { type PageOptions, renderPage } from "./page.ts";
export { findRequests } from "./self_contained.ts";

export { contentType } from "./content_type.ts";
export { findFile } from "./find_file.ts";
export { listen, type Listening, type ListenOptions } from "./listen.ts";
export { openBrowser, openCommand } from "./open_browser.ts";
export { createSite } from "./site.ts";

export { listen, type Listening, type ListenOptions } from "./listen.ts";
export { openBrowser, openCommand } from "./open_browser.ts";

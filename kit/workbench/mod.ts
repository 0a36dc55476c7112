export { createApp } from "./app.ts";
export { Assets } from "./assets.ts";
export { newSecret } from "./guard.ts";
export { Workbench, type WorkbenchOptions } from "./workbench.ts";

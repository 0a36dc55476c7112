export { buildNotebooks, type BuildOptions, type BuildResult } from "./build.ts";
export { buildCourse, describeBuild, renderCourse } from "./course.ts";
export { type BuildRecord, describeSources, readRecord, withRecord } from "./build_record.ts";
export { compareOutputs, type OutputDifference } from "./compare_outputs.ts";
export { findNotebooks } from "./find_notebooks.ts";
export { originalPath, publishNotebooks, unpublished } from "./originals.ts";
export { staleness } from "./freshness.ts";
export { type LoadedModules, loadedModules } from "./module_graph.ts";
export { consoleProgress, notebookName, Progress } from "./progress.ts";
export {
  type RenderKind,
  type RenderResult,
  renderSite,
  type RenderSource,
} from "./render_site.ts";
export { verifyNotebooks, type VerifyOptions } from "./verify.ts";

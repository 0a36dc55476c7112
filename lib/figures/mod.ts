/** Pure functions from data to pictures and tables that notebooks, pages and decks show. */
export * from "./axis.ts";
export * from "./bars_figure.ts";
export * from "./displayed.ts";
export * from "./figure.ts";
export * from "./heatmap_figure.ts";
export * from "./lines_figure.ts";
export * from "./matrix_figure.ts";
export * from "./number_line_figure.ts";
export * from "./operators_figure.ts";
export * from "./place_names.ts";
export * from "./points_figure.ts";
export * from "./roofline_figure.ts";
export * from "./say.ts";
export * from "./shoreline_figure.ts";
export * from "./show_formula.ts";
export * from "./table.ts";

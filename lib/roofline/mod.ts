/** How long work takes on hardware, and what it waits for. */
export * from "./deployment.ts";
export * from "./estimate.ts";
export * from "./peak_rate.ts";
export * from "./roofline.ts";
export * from "./time.ts";
export * from "./trends.ts";

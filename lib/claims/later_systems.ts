import { findHardware, findModel } from "../catalog/mod.ts";
import { cacheBytesPerToken, expectedDistinctExperts } from "../transformer/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";

/** Systems of later chapters that the first two model already. */
export const laterSystems: Readonly<Record<string, ModeledSystem>> = {
  "opt-13b": modeled(cacheBytesPerToken, findModel("opt-13b")),
  "rtx-4090": modeled(findHardware, "nvidia-rtx-4090"),
  "mixture-of-experts": modeled(expectedDistinctExperts, 8, 2, 64),
};

import { chapter01Systems } from "./chapter_01_systems.ts";
import { chapter02Systems } from "./chapter_02_systems.ts";
import { chapter03Systems } from "./chapter_03_systems.ts";
import { chapter04Systems } from "./chapter_04_systems.ts";
import { chapter05Systems } from "./chapter_05_systems.ts";
import { chapter06Systems } from "./chapter_06_systems.ts";
import { chapter07Systems } from "./chapter_07_systems.ts";
import { chapter08Systems } from "./chapter_08_systems.ts";
import { chapter09Systems } from "./chapter_09_systems.ts";
import { chapter10Systems } from "./chapter_10_systems.ts";
import { chapter11Systems } from "./chapter_11_systems.ts";
import { chapter12Systems } from "./chapter_12_systems.ts";
import { chapter13Systems } from "./chapter_13_systems.ts";
import { chapter14Systems } from "./chapter_14_systems.ts";
import { chapter15Systems } from "./chapter_15_systems.ts";
import { chapter16Systems } from "./chapter_16_systems.ts";
import { chapter17Systems } from "./chapter_17_systems.ts";
import { chapter18Systems } from "./chapter_18_systems.ts";
import type { ModeledSystem } from "./modeled_system.ts";
import { chapterOf, systems } from "./system.ts";
import { systemsLeftOut } from "./systems_left_out.ts";

/**
 * Which systems does the library model today, and by which function?
 *
 * A system that is not listed is not modeled: its chapter has not come yet, or it is left out for a reason, which
 * {@linkcode systemsLeftOut} gives. A device is modeled when the catalog holds it, for all times and bounds follow from its entry.
 */
export const modeledSystems: Readonly<Record<string, ModeledSystem>> = {
  ...chapter01Systems,
  ...chapter02Systems,
  ...chapter03Systems,
  ...chapter04Systems,
  ...chapter05Systems,
  ...chapter06Systems,
  ...chapter07Systems,
  ...chapter08Systems,
  ...chapter09Systems,
  ...chapter10Systems,
  ...chapter11Systems,
  ...chapter12Systems,
  ...chapter13Systems,
  ...chapter14Systems,
  ...chapter15Systems,
  ...chapter16Systems,
  ...chapter17Systems,
  ...chapter18Systems,
};

/** Whether a system is modeled. */
export interface SystemStatus {
  readonly id: string;
  /** The number of the chapter, or "out-of-scope". */
  readonly chapter: string;
  readonly works: boolean;
  /** The name of the function that models it; null when none does. */
  readonly by: string | null;
  /** Why none does; null when one does, or when its chapter has not come yet. */
  readonly reason: string | null;
}

/** Every system of the source documents, in the order of the chapters: is it modeled, and by what? */
export function systemStatuses(): SystemStatus[] {
  return systems
    .map((system) => {
      const model = modeledSystems[system.id];
      return {
        id: system.id,
        chapter: chapterOf(system),
        works: model !== undefined,
        by: model?.by.name ?? null,
        reason: systemsLeftOut[system.id] ?? null,
      };
    })
    .toSorted((a, b) => a.chapter < b.chapter ? -1 : a.chapter > b.chapter ? 1 : 0);
}

import type { ChapterProgress, ExerciseView } from "../protocol.ts";

/** Points of some exercises together. */
export interface PointsOf {
  readonly earned: number;
  readonly points: number;
}

/** How many points some exercises give, and how many of them are earned. */
export function pointsOf(exercises: readonly ExerciseView[]): PointsOf {
  return {
    earned: exercises.reduce((sum, { earned }) => sum + earned, 0),
    points: exercises.reduce((sum, { points }) => sum + points, 0),
  };
}

/** The first exercise that has not passed; undefined when all have. */
export function findNext(
  chapters: readonly ChapterProgress[],
): { chapter: string; exercise: ExerciseView } | undefined {
  for (const { name, exercises } of chapters) {
    const exercise = exercises.find(({ status }) => status !== "passed");
    if (exercise) return { chapter: name, exercise };
  }
  return undefined;
}

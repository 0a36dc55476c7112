/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { PointsOf } from "./progress.ts";

/** Points in words, with a thin bar that says the same. */
export function Points({ earned, points }: PointsOf) {
  return (
    <div class="wb-points">
      <span class="wb-points-bar" aria-hidden="true">
        <span style={{ width: `${points > 0 ? (100 * earned) / points : 0}%` }} />
      </span>
      <span>{earned.toLocaleString("en-US")} of {points.toLocaleString("en-US")} points</span>
    </div>
  );
}

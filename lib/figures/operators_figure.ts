import type { Bound, StepTime } from "../roofline/mod.ts";
import { formatQuantity } from "../units/mod.ts";
import { barsFigure } from "./bars_figure.ts";
import type { Figure } from "./figure.ts";

const waits: Record<Bound, string> = {
  memory: "waits for memory",
  compute: "waits for arithmetic",
  link: "waits for the link",
};

/** Where the time of one step goes, operator by operator, and what each waits for. Operators below 0.5 % stand together. */
export function operatorsFigure(step: StepTime, title: string): Figure {
  const rows = new Map<string, { name: string; part: string; value: number }>();
  let rest = 0;
  for (const { operator, seconds, bound } of step.operators) {
    const key = `${operator.name} ${bound}`;
    const row = rows.get(key) ?? { name: operator.name, part: waits[bound], value: 0 };
    rows.set(key, { ...row, value: row.value + seconds });
  }
  const bars = [...rows.values()].filter((row) => {
    if (row.value >= 0.005 * step.seconds) return true;
    rest += row.value;
    return false;
  });
  if (rest > 0) bars.push({ name: "all others", part: waits[step.bound], value: rest });
  const description = `${title}: ${formatQuantity(step.seconds, "s")} in all. ` +
    bars.map(({ name, part, value }) => `${name} ${formatQuantity(value, "s")}, ${part}.`).join(
      " ",
    );
  return barsFigure(
    description,
    { label: "Time in this step →", unit: "s" },
    bars,
    (value) => formatQuantity(value, "s"),
  );
}

import type { ExpertFeedForward, Layers, Model } from "../../catalog/mod.ts";
import { type CompleteDeployment, operatorOptions, peakRate } from "../../roofline/mod.ts";
import { type Operator, operators } from "../../transformer/mod.ts";

/** Work on each token of a step, with weights that are read once. */
export interface TokenRow {
  readonly fixedBytes: number;
  readonly bytesPerToken: number;
  readonly flopsPerToken: number;
  readonly rate: number;
  readonly transferPerToken: number;
  /** For a mixture of experts: how many there are, ln(1 − k/E), and the bytes of one in all layers; else 0. */
  readonly experts: number;
  readonly logMiss: number;
  readonly bytesPerExpert: number;
}

/** Work that only decoding or only prefill does, linear in tokens, in keys seen and in pairs of query and key. */
export interface PhaseRow {
  readonly window: number;
  readonly bytes: Linear;
  readonly flops: Linear;
  readonly cache: Linear;
  readonly rate: number;
}

/** value = fixed + token · tokens + key · keys + pair · pairs. */
export interface Linear {
  readonly fixed: number;
  readonly token: number;
  readonly key: number;
  readonly pair: number;
}

/** The rows of some equal layers, of all of them together. */
export interface LayerRows {
  readonly tokens: readonly TokenRow[];
  readonly decode: readonly PhaseRow[];
  readonly prefill: readonly PhaseRow[];
}

/** Rows outside of the layers. */
export const outerNames = ["embedding", "final norm", "head"] as const;

/**
 * Turns the operators of some equal layers into coefficients. Each row of the table is linear in what a step computes,
 * apart from the experts read; so four small steps of each phase give its coefficients exactly.
 */
export function compileLayers(
  full: CompleteDeployment,
  group: Layers,
  windows: readonly number[],
): LayerRows {
  const model: Model = { ...full.model, layers: [group] };
  const table = (phase: "prefill" | "decode", newTokens: number, context: number, batch = 1) =>
    operators(model, { phase, batch, newTokens, context }, operatorOptions(full))
      .filter(({ name }) => !(outerNames as readonly string[]).includes(name));
  const prompts = [table("prefill", 1, 0), table("prefill", 2, 0), table("prefill", 3, 0)];
  const later = table("prefill", 1, 1);
  const single = table("decode", 1, 0);
  const double = table("decode", 1, 0, 2);
  const longer = table("decode", 1, 1);
  const window = windows.indexOf(
    group.attention.kind === "heads" ? group.attention.window ?? Infinity : Infinity,
  );
  const rate = (row: Operator) => peakRate(full.hardware, row.precision) * full.efficiency.compute;

  const prefill = prompts[0]!.map((row, index) => {
    const fit = (value: (row: Operator) => number): Linear => {
      const [one, two, three] = prompts.map((rows) => value(rows[index]!)) as [
        number,
        number,
        number,
      ];
      // One token sees one key in one pair; two see 2 keys in 3 pairs; three see 3 in 6; one after another sees 2 in 2.
      const pair = three - 2 * two + one;
      const key = value(later[index]!) - one - pair;
      const token = two - one - 2 * pair - key;
      return { fixed: one - token - key - pair, token, key, pair };
    };
    return {
      row,
      window,
      rate: rate(row),
      bytes: fit(moved),
      flops: fit(flops),
      cache: fit(cache),
    };
  });
  const decode = single.map((row, index) => {
    const fit = (value: (row: Operator) => number): Linear => {
      const [one, two] = [value(row), value(double[index]!)];
      const key = value(longer[index]!) - one;
      return { fixed: 2 * one - two, token: two - one - key, key, pair: 0 };
    };
    return {
      row,
      window,
      rate: rate(row),
      bytes: fit(moved),
      flops: fit(flops),
      cache: fit(cache),
    };
  });
  // What both phases do alike to each token is done to all tokens of a step at once.
  const shared = decode.filter(({ row, bytes, flops }) =>
    near(bytes.key, 0, bytes.token) && near(flops.key, 0, flops.token) &&
    prefill.some((other) =>
      other.row.name === row.name && near(other.bytes.pair, 0, bytes.fixed + bytes.token) &&
      near(other.flops.pair, 0, flops.token) && near(other.bytes.key, 0, bytes.fixed + bytes.token)
    )
  );
  const names = new Set(shared.map(({ row }) => row.name));
  return {
    tokens: shared.map(({ row, bytes, flops, rate }) => ({
      ...expertReads(row, group),
      fixedBytes: row.name === "experts" ? 0 : bytes.fixed,
      bytesPerToken: row.name === "experts" ? row.bytes.activations : bytes.token,
      flopsPerToken: flops.token,
      rate,
      transferPerToken: row.transfer,
    })),
    decode: decode.filter(({ row }) => !names.has(row.name)),
    prefill: prefill.filter(({ row }) => !names.has(row.name)),
  };
}

/** One token alone reads its k experts, which gives the bytes of one. */
function expertReads(
  row: Operator,
  { feedForward }: Layers,
): Pick<TokenRow, "experts" | "logMiss" | "bytesPerExpert"> {
  if (row.name !== "experts") return { experts: 0, logMiss: 0, bytesPerExpert: 0 };
  const { experts, expertsPerToken } = feedForward as ExpertFeedForward;
  return {
    experts,
    logMiss: Math.log1p(-expertsPerToken / experts),
    bytesPerExpert: row.bytes.weights / expertsPerToken,
  };
}

/** Bytes apart from experts, whose number is not linear in the tokens. */
function moved({ name, bytes }: Operator): number {
  return (name === "experts" ? 0 : bytes.weights) + bytes.cache + bytes.activations;
}

function flops(row: Operator): number {
  return row.flops;
}

function cache(row: Operator): number {
  return row.bytes.cache;
}

function near(value: number, wanted: number, scale: number): boolean {
  return Math.abs(value - wanted) <= 1e-9 * Math.abs(scale);
}

import { requireAtLeast, requireInteger, type Tokens } from "../../units/mod.ts";

/** Copies of experts, and where they stand. */
export interface ReplicaPlan {
  /** How many copies each expert has. */
  readonly copies: readonly number[];
  /** For each device the experts that it holds, a copy in each of its slots. */
  readonly devices: readonly (readonly number[])[];
  /** Tokens of each device, when the copies of an expert share its tokens evenly. */
  readonly loads: readonly Tokens[];
}

/**
 * Which experts get a second copy, and where does each stand? Spare slots go one by one to whichever expert has most tokens for
 * each of its copies; that makes the fullest copy as light as can be. Then copies are handed out, the heaviest first, each to
 * the lightest device that has a slot left.
 *
 * It costs memory alone: DeepSeek-V3 keeps 32 spare copies of its 256 experts when it reads prompts.
 *
 * Source: the rule of DeepSeek's expert-parallel load balancer, EPLB, without its groups of machines.
 *
 * @param loads Tokens of each expert in a while.
 * @param slots On all devices: at least one for each expert.
 * @throws {RangeError} when slots are too few or do not divide evenly among devices.
 * @example One expert has half of all tokens
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { imbalance, replicateExperts } from "@fewer-bytes/experts";
 *
 * const { copies, loads } = replicateExperts([12, 4, 4, 4], 6, 2);
 * assertEquals(copies, [3, 1, 1, 1]);
 * assertEquals(imbalance(loads), 1);
 * ```
 */
export function replicateExperts(
  loads: readonly Tokens[],
  slots: number,
  devices: number,
): ReplicaPlan {
  requireInteger(loads.length, 1, "copy experts", "the number of experts");
  for (const load of loads) requireAtLeast(load, 0, "copy experts", "a load");
  requireInteger(slots, loads.length, "copy experts", "the slots");
  requireInteger(devices, 1, "copy experts", "the devices");
  if (slots % devices !== 0) {
    throw new RangeError(
      `Cannot copy experts as ${slots} slots must divide evenly among devices: current value is ${devices}`,
    );
  }
  const copies = loads.map(() => 1);
  const each = (expert: number) => loads[expert]! / copies[expert]!;
  for (let spare = loads.length; spare < slots; spare++) {
    let fullest = 0;
    loads.forEach((_, expert) => fullest = each(expert) > each(fullest) ? expert : fullest);
    copies[fullest]!++;
  }
  const standing = copies.flatMap((count, expert) => new Array<number>(count).fill(expert))
    .sort((a, b) => each(b) - each(a) || a - b);
  const held = Array.from({ length: devices }, (): number[] => []);
  const sums = new Array<number>(devices).fill(0);
  for (const expert of standing) {
    let lightest = -1;
    held.forEach((own, device) => {
      if (own.length === slots / devices) return;
      if (lightest < 0 || sums[device]! < sums[lightest]!) lightest = device;
    });
    held[lightest]!.push(expert);
    sums[lightest]! += each(expert);
  }
  return { copies, devices: held, loads: sums };
}

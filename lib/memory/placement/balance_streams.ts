import type { Seconds } from "../../units/mod.ts";
import { type Tier, tierBandwidth } from "../tiers/tier.ts";
import { density, type Filling, requireRoom } from "./fill_order.ts";
import type { KindOfBytes } from "./step_bytes.ts";

/**
 * Where should weights and cache lie, when all tiers are read side by side? So that all streams end together, as far as
 * capacities allow. Then a slow tier is not only room: it adds its bandwidth to that of the fast one.
 *
 * A linear program with a closed answer. In the time T a tier can hold its capacity C and stream T × bandwidth = R. Each
 * kind must fit, alone and both together, and all traffic must be streamed:
 *
 * - each kind alone: footprint ≤ Σ min(C, R / density);
 * - both: footprints ≤ Σ min(C, R / the lesser density);
 * - the traffic ≤ Σ min(R, C × the greater density).
 *
 * With two kinds these are all faces of what can be reached (a Minkowski sum of polygons), so the least T that fulfills
 * them is the best. Bytes of the denser kind then go first to tiers that have bandwidth to spare when they are full.
 *
 * Streams are counted alone: neither arithmetic nor activations, which the device works on meanwhile.
 *
 * @param tiers No two of which share a link.
 * @returns As for {@linkcode fillInOrder}; `seconds` is the longest stream.
 * @throws {RangeError} when all tiers together are too small, two share a link, or a value is out of range.
 * @example Where everything fits into either, each tier takes its share of the bandwidth
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { balanceStreams } from "@fewer-bytes/memory";
 *
 * const tiers = [
 *   { name: "HBM", capacity: 80e9, bandwidth: 900e9 },
 *   { name: "CXL", capacity: 500e9, bandwidth: 100e9 },
 * ];
 * const { traffic, seconds } = balanceStreams(tiers, {
 *   weights: { footprint: 30e9, traffic: 30e9 },
 *   cache: { footprint: 20e9, traffic: 20e9 },
 * });
 * assertAlmostEquals(traffic[1]! / 50e9, 0.1, 1e-9);
 * assertAlmostEquals(seconds, 50e9 / 1000e9, 1e-9);
 * ```
 */
export function balanceStreams(
  tiers: readonly Tier[],
  { weights, cache }: { readonly weights: KindOfBytes; readonly cache: KindOfBytes },
): Filling {
  requireRoom(tiers, [weights, cache]);
  const links = tiers.flatMap(({ link }) => link ? [link] : []);
  if (new Set(links).size < links.length) {
    throw new RangeError("Cannot balance streams as no two tiers must share a link");
  }
  const [dense, light] = density(weights) >= density(cache) ? [weights, cache] : [cache, weights];
  const seconds = leastTime(tiers, dense, light);
  const rooms = tiers.map((tier) => ({
    capacity: tier.capacity,
    stream: seconds * tierBandwidth(tier),
  }));
  const filled = fill(rooms, dense, light);
  const shares = dense === weights ? filled : [filled[1]!, filled[0]!];
  const traffic = tiers.map((_, index) =>
    shares[0]![index]! * weights.traffic + shares[1]![index]! * cache.traffic
  );
  return { shares, traffic, seconds };
}

/** The least time in which all conditions hold; each holds from some time on, so it is found by halving. */
function leastTime(tiers: readonly Tier[], dense: KindOfBytes, light: KindOfBytes): Seconds {
  const rates = tiers.map(tierBandwidth);
  const [high, low] = [density(dense), density(light)];
  const total = dense.traffic + light.traffic;
  const held = (time: Seconds, perByte: number) =>
    tiers.reduce((sum, { capacity }, index) => {
      const stream = time * rates[index]!;
      return sum + (perByte * capacity <= stream ? capacity : stream / perByte);
    }, 0);
  const enough = (time: Seconds) =>
    dense.footprint <= held(time, high) * (1 + 1e-12) &&
    light.footprint <= held(time, low) * (1 + 1e-12) &&
    dense.footprint + light.footprint <= held(time, low) * (1 + 1e-12) &&
    total <= high * held(time, high) * (1 + 1e-12);
  let [less, more] = [0, total / Math.min(...rates)];
  for (let turn = 0; turn < 200 && less < more; turn++) {
    const middle = (less + more) / 2;
    if (middle === less || middle === more) break;
    if (enough(middle)) more = middle;
    else less = middle;
  }
  return more;
}

/** Shares of the dense and of the light kind: the dense one takes the room that costs the light one least. */
function fill(
  rooms: readonly { readonly capacity: number; readonly stream: number }[],
  dense: KindOfBytes,
  light: KindOfBytes,
): number[][] {
  const [high, low] = [density(dense), density(light)];
  const own = rooms.map(() => 0);
  let left = dense.footprint;
  const take = (index: number, upTo: number) => {
    const more = Math.min(left, Math.max(0, upTo - own[index]!));
    own[index]! += more;
    left -= more;
  };
  // Up to here a byte of the dense kind displaces one of the light kind, and beyond it high / low of them.
  rooms.forEach(({ capacity, stream }, index) =>
    take(
      index,
      high > low ? Math.min(capacity, Math.max(0, (stream - low * capacity) / (high - low))) : 0,
    )
  );
  rooms.forEach(({ capacity, stream }, index) =>
    take(index, Math.min(capacity, high > 0 ? stream / high : capacity))
  );
  let rest = light.footprint;
  const other = rooms.map(({ capacity, stream }, index) => {
    const room = Math.min(
      capacity - own[index]!,
      low > 0 ? (stream - high * own[index]!) / low : Infinity,
    );
    const taken = Math.min(rest, Math.max(0, room));
    rest -= taken;
    return taken;
  });
  return [share(own), share(other)];
}

/** Parts as shares of their sum; of nothing, all in the first tier. */
function share(parts: readonly number[]): number[] {
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part, index) => sum > 0 ? part / sum : index === 0 ? 1 : 0);
}

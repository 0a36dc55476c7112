import {
  checkRequests,
  type Distribution,
  distribution,
  LogHistogram,
  pagedBatching,
  type Requests,
  type Simulation,
} from "../../serving/mod.ts";
import { exposedTransfer } from "../transfer/layer_by_layer.ts";
import { handOffBytes, type TransferPath, transferTime } from "../transfer/transfer_time.ts";
import { type FinishedPool, gather, type PooledResult } from "./gather.ts";
import { costOf, type Pool, promptWork, serversOf } from "./pool.ts";
import { receivedCaches } from "./received_caches.ts";
import { pick, route } from "./route.ts";

/** Two pools, what lies between them, and their traffic. */
export interface PoolsSetup {
  /** Who reads prompts. Default policy: whole prompts, one step after the other, up to 1,024 tokens together. */
  readonly prefill: Pool;
  /** Who gives all tokens but the first. Default policy: {@linkcode receivedCaches}. */
  readonly decode: Pool;
  readonly requests: Requests;
  /** The way from each prefill server to the decode pool: one each, used by one cache after the other. */
  readonly path: TransferPath;
  /** Whether each layer's cache leaves as soon as it is computed. Default: in one piece, at the end. */
  readonly layerByLayer?: boolean;
}

/** What came of two pools. */
export interface DisaggregatedResult extends PooledResult {
  /** From the first token to the arrival of the cache, the queue in front of the link included. */
  readonly transfer: Distribution;
  /** The share of time in which the links of the prefill pool were used. */
  readonly linkUtilization: number;
}

/**
 * What do users see, when prompts are read on some servers and answers written on others?
 *
 * A tandem of the simulator of chapter 12: the prefill pool serves every request as if its answer were one token long;
 * that token goes to the user at once, and the cache goes over the link; the decode pool takes requests as their caches
 * come. Nothing in a decode step waits for a prompt, and the hand-off is a wait between the first token and the second.
 *
 * Prompts go to the server that will be free first, caches to the decode servers in turn. A cache counts in the memory of
 * the decode pool from when it is let in, and until then in none: memory for caches on their way is not modeled, and
 * neither is congestion at the receiver. Shared beginnings and pauses are ignored.
 *
 * @throws {RangeError} when a number of servers is not a whole number from 1, or a request does not fit.
 * @example One prompt at a time: the second token waits for the link
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { findLink, simulatePools } from "@fewer-bytes/disaggregation";
 * import { requests } from "@fewer-bytes/serving";
 *
 * const hardware = findHardware("nvidia-h100-sxm");
 * const pool = { deployment: { model: findModel("llama-3.1-8b"), hardware }, servers: 1 };
 * const { timePerOutputToken, transfer } = simulatePools({
 *   prefill: pool,
 *   decode: pool,
 *   requests: requests([{ arrival: 0, promptTokens: 4000, outputTokens: 2 }]),
 *   path: { link: findLink("ethernet-100g", hardware) },
 * });
 * assertAlmostEquals(transfer.mean, 42e-3, 1e-4); // 524 MB over 12.5 GB/s
 * assertAlmostEquals(timePerOutputToken.mean, transfer.mean + 5e-3, 1e-3); // and a decode step
 * ```
 */
export function simulatePools(setup: PoolsSetup): DisaggregatedResult {
  const { prefill, decode, path, layerByLayer = false } = setup;
  const requests = checkRequests(setup.requests);
  const { arrival, outputTokens, promptTokens } = requests;
  const count = arrival.length;
  const [prefillCost, decodeCost] = [costOf(prefill), costOf(decode)];
  const { model, formats: { cache: storage }, cache: method } = prefillCost.deployment;

  const work = promptWork(prefillCost, requests);
  const shares = route(requests, prefill.servers, work).filter((share) => share.length > 0);
  const oneToken = { ...requests, outputTokens: new Int32Array(count).fill(1) };
  const { simulations: readers } = serversOf(
    prefillCost,
    prefill,
    prefill.policy ?? (() => pagedBatching({ promptTokens: 1024 })),
    shares.map((share) => pick(oneToken, share)),
  );
  for (const reader of readers) reader.advance();

  const first = new Float64Array(count);
  const come = new Float64Array(count);
  let sent = 0;
  shares.forEach((share, at) => {
    const done = readers[at]!.recorder.first;
    share.forEach((request, place) => first[request] = done[place]!);
    const order = share.filter((request) => outputTokens[request]! > 1)
      .sort((one, other) => first[one]! - first[other]! || one - other);
    let free = 0;
    for (const request of order) {
      const bytes = handOffBytes(model, promptTokens[request]!, { storage, method });
      const whole = transferTime(bytes, path);
      const seconds = whole - (path.latency ?? 0);
      const hidden = layerByLayer
        ? seconds - exposedTransfer(work[request]!, seconds, layersOf(model.layers))
        : 0;
      const start = Math.max(free, first[request]! - hidden);
      free = start + seconds;
      sent += seconds;
      come[request] = start + whole;
    }
  });

  const longer = Array.from(arrival, (_, request) => request)
    .filter((request) => outputTokens[request]! > 1)
    .sort((one, other) => come[one]! - come[other]! || one - other);
  const finished = first.slice();
  const waits = Float64Array.from(longer, (request) => come[request]! - first[request]!);
  const pools: FinishedPool[] = [
    { name: "prefill", servers: prefill.servers, simulations: readers },
  ];
  let gaps = new LogHistogram();
  if (longer.length > 0) {
    const queue = pick({ ...requests, arrival: come }, longer);
    const parts = route(queue, decode.servers).filter((part) => part.length > 0)
      .map((part) => part.map((place) => longer[place]!));
    const { simulations: writers, gaps: counted } = serversOf(
      decodeCost,
      decode,
      decode.policy ?? receivedCaches,
      parts.map((part) => pick({ ...requests, arrival: come }, part)),
    );
    writers.forEach((writer, at) => beginAfterFirst(writer, parts[at]!, first, come));
    for (const writer of writers) writer.advance();
    gaps = counted;
    parts.forEach((part, at) =>
      part.forEach((request, place) => finished[request] = writers[at]!.recorder.finished[place]!)
    );
    pools.push({ name: "decode", servers: decode.servers, simulations: writers });
  }
  const name = `${prefill.servers} prefill, ${decode.servers} decode`;
  const result = gather(name, requests, { first, finished }, pools, gaps);
  return {
    ...result,
    devices: prefill.servers * prefillCost.deployment.devices +
      decode.servers * decodeCost.deployment.devices,
    transfer: distribution(waits),
    linkUtilization: sent / result.duration / prefill.servers,
  };
}

/** A decode server did not give the first token: the gap to the second counts from when the user got the first. */
function beginAfterFirst(
  { recorder }: Simulation,
  part: readonly number[],
  first: Float64Array,
  come: Float64Array,
): void {
  part.forEach((request, place) => {
    recorder.first[place] = come[request]!;
    recorder.last[place] = first[request]!;
  });
}

function layersOf(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

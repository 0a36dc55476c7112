import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import { type Bytes, requireInteger, requirePositive } from "../../units/mod.ts";
import { expertLayers } from "../reading/expert_layers.ts";

/** How tokens travel to experts on other devices, and their outputs back. */
export interface ExchangeFormats {
  /** On the way there. Default fp8, as DeepSeek sends. */
  readonly dispatch?: Storage;
  /** On the way back, where outputs are added up. Default bf16. */
  readonly combine?: Storage;
}

/** What one token sends in one layer. */
export interface Exchange {
  readonly dispatch: Bytes;
  readonly combine: Bytes;
  readonly total: Bytes;
}

/**
 * What does a token send, when experts are spread over devices? Its hidden state to each place where it is wanted, and from
 * each an output as wide: places × hidden × (bytes there + bytes back), in each layer. Nobody else's weights move; tokens do.
 *
 * @param places To how many devices or machines a copy goes. {@linkcode expertPlaces} says how many differ.
 * @throws {RangeError} when the width or the places are not above zero.
 * @example DeepSeek-V3: eight experts and the shared one, one byte there and two back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exchange } from "@fewer-bytes/experts";
 *
 * assertEquals(exchange(7168, 9).total, 9 * 7168 * (1 + 2));
 * ```
 */
export function exchange(
  hiddenSize: number,
  places: number,
  { dispatch = "fp8", combine = "bf16" }: ExchangeFormats = {},
): Exchange {
  requireInteger(hiddenSize, 1, "size an exchange", "hiddenSize");
  requirePositive(places, "size an exchange", "the places");
  const [there, back] = [dispatch, combine].map((format) =>
    hiddenSize * places * bytesPerValue(format)
  ) as [Bytes, Bytes];
  return { dispatch: there, combine: back, total: there + back };
}

/** What one token sends in all layers of a model, when each of its experts is on another device. */
export function modelExchange(model: Model, formats: ExchangeFormats = {}): Exchange {
  const sum = { dispatch: 0, combine: 0, total: 0 };
  for (const { count, network } of expertLayers(model)) {
    const one = exchange(model.hiddenSize, network.expertsPerToken, formats);
    sum.dispatch += count * one.dispatch;
    sum.combine += count * one.combine;
    sum.total += count * one.total;
  }
  return sum;
}

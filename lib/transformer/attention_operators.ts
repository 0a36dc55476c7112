import type { HeadAttention, LatentAttention, Layers } from "../catalog/mod.ts";
import { choiceOperators, type Core, coreOperator, rebuildOperators } from "./attention_core.ts";
import { cachedValues, readValues } from "./cache.ts";
import { storedBytes } from "./cache_method.ts";
import type { Operator } from "./operator.ts";
import { attentionProjections, headsPerDevice } from "./projections.ts";
import { multiplication, type Shape } from "./rows.ts";

/** The rows of one attention layer: projections, the attention itself, the output. */
export function attentionOperators({ attention, count }: Layers, shape: Shape): Operator[] {
  return attention.kind === "heads"
    ? headOperators(attention, count, shape)
    : latentOperators(attention, count, shape);
}

function headOperators(attention: HeadAttention, count: number, shape: Shape): Operator[] {
  const { tokens, devices } = shape;
  const projections = attentionProjections(shape.model, attention, devices);
  const { query: queryHeads, keyValue: keyValueHeads } = headsPerDevice(attention, devices);
  const { headDimension } = attention;
  const kept = shape.method?.kept?.(attention, shape.model).values;
  const core: Core = {
    layers: count,
    attention: { ...attention, queryHeads, keyValueHeads },
    scoreWidth: headDimension,
    valueWidth: headDimension,
    read: kept ?? readValues(attention, devices),
    written: attention.sharesCache ? 0 : kept ?? cachedValues(attention, devices),
  };
  return [
    multiplication(
      shape,
      "queries, keys, values",
      count,
      projections.slice(0, -1),
      tokens,
      attention.extraParameters / devices,
    ),
    ...rebuildOperators(shape, core),
    ...choiceOperators(shape, core),
    coreOperator(shape, core),
    multiplication(shape, "attention output", count, projections.slice(-1), tokens),
  ];
}

function latentOperators(attention: LatentAttention, count: number, shape: Shape): Operator[] {
  const { tokens, step, devices } = shape;
  const projections = attentionProjections(shape.model, attention, devices);
  const named = (...names: string[]) => projections.filter(({ name }) => names.includes(name));
  const heads = headsPerDevice(attention, devices).query;
  const { keyValueRank, rotaryDimension, keyDimension, valueDimension } = attention;
  const cached = shape.method?.kept?.(attention, shape.model).values ?? cachedValues(attention);
  const own = { ...attention, queryHeads: heads };
  const down = multiplication(
    shape,
    "queries and latent down",
    count,
    named("queries", "queries down", "latent down"),
    tokens,
    attention.extraParameters,
  );
  const up = attention.queryRank
    ? [multiplication(shape, "queries up", count, named("queries up"), tokens)]
    : [];
  const output = multiplication(shape, "attention output", count, named("output"), tokens);

  if (step.phase === "prefill") {
    // Every latent, new or cached, is expanded into keys and values per head; attention then is the ordinary one.
    const latents = step.batch * (step.newTokens + step.context);
    const widths = heads * (keyDimension + valueDimension);
    const expand = multiplication(shape, "latent up", count, named("latent up"), latents);
    const core: Core = {
      layers: count,
      attention: own,
      scoreWidth: keyDimension + rotaryDimension,
      valueWidth: valueDimension,
      read: 0,
      written: cached,
    };
    const attend = coreOperator(shape, core);
    const { activationBytes, stored } = shape;
    const expandBytes = {
      weights: expand.bytes.weights,
      cache: count * step.batch * cached * storedBytes(step.context, stored),
      activations: count * (tokens * keyValueRank + latents * widths) * activationBytes,
    };
    const readBack = attend.bytes.activations + count * latents * widths * activationBytes;
    return [
      down,
      ...up,
      { ...expand, bytes: expandBytes },
      ...choiceOperators(shape, core),
      { ...attend, bytes: { ...attend.bytes, activations: readBack } },
      output,
    ];
  }
  // The way up is multiplied into the queries before, and into the result after, so keys and values are never formed.
  const absorb = [
    {
      name: "absorb keys",
      inputs: heads * keyDimension,
      outputs: heads * keyValueRank,
      weights: heads * keyDimension * keyValueRank,
    },
    {
      name: "absorb values",
      inputs: heads * keyValueRank,
      outputs: heads * valueDimension,
      weights: heads * keyValueRank * valueDimension,
    },
  ].map(({ name, inputs, outputs, weights }): Operator => ({
    name,
    layers: count,
    flops: count * 2 * tokens * weights,
    bytes: {
      weights: count * weights * shape.weightBytes,
      cache: 0,
      activations: count * tokens * (inputs + outputs) * shape.activationBytes,
    },
    transfer: 0,
    precision: shape.precision,
  }));
  const core: Core = {
    layers: count,
    attention: own,
    scoreWidth: keyValueRank + rotaryDimension,
    valueWidth: keyValueRank,
    read: cached,
    written: cached,
  };
  return [
    down,
    ...up,
    absorb[0]!,
    ...rebuildOperators(shape, core),
    ...choiceOperators(shape, core),
    coreOperator(shape, core),
    absorb[1]!,
    output,
  ];
}

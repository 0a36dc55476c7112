import type { LogNormalFit, Objective } from "../../serving/mod.ts";

/** One experiment of DistServe's evaluation. */
export interface StudyCase {
  readonly name: string;
  /** In the catalog. */
  readonly model: string;
  readonly objective: Required<Objective>;
  readonly prompt: LogNormalFit;
  readonly output: LogNormalFit;
  /** Devices of one colocated server, and of the two servers of DistServe's own placement. */
  readonly whole: number;
  readonly placement: { readonly prefill: number; readonly decode: number };
  /** What the paper found: how many times vLLM's rate, and DeepSpeed-MII's, which chunks prompts. */
  readonly stated: { readonly vllm: number | string; readonly mii: number | string };
}

/** Lengths with the means of the paper's Figure 7: 755 and 200, 171 and 98, 1,738 and 91 tokens; cut at 2,048 together. */
const lengths = {
  shareGpt: {
    prompt: { median: 700, p90: 1500, maximum: 1848 },
    output: { median: 150, p90: 450, maximum: 1000 },
  },
  humanEval: {
    prompt: { median: 160, p90: 260, maximum: 600 },
    output: { median: 70, p90: 220, maximum: 600 },
  },
  longBench: {
    prompt: { median: 1760, p90: 1990, maximum: 2040 },
    output: { median: 60, p90: 220, maximum: 500 },
  },
} as const satisfies Record<string, Pick<StudyCase, "prompt" | "output">>;

const large = { model: "opt-66b", whole: 4, placement: { prefill: 4, decode: 4 } } as const;

/**
 * The experiments behind DistServe's numbers, on A100 80 GB devices: models, objectives and servers as published (Table 1
 * and the repository), lengths as log-normal laws with the published means, whose tails are a guess.
 *
 * Its decode server of OPT-66B was two stages of two devices; here it is four devices that split every layer.
 *
 * Source: Zhong et al., "DistServe" (OSDI 2024; arXiv 2401.09670, version 3). "Chatbot, stricter" has the objective of
 * version 1, whose 4.48 is the summaries' gain over vLLM; the 7.4 of version 3 is the chatbot's over DeepSpeed-MII.
 */
export const studyCases = {
  "chatbot 13B": {
    name: "chatbot 13B",
    model: "opt-13b",
    objective: { timeToFirstToken: 0.25, timePerOutputToken: 0.1 },
    ...lengths.shareGpt,
    whole: 1,
    placement: { prefill: 2, decode: 1 },
    stated: { vllm: "2.0 to 4.6", mii: "up to 7.4" },
  },
  "chatbot 66B": {
    name: "chatbot 66B",
    ...large,
    objective: { timeToFirstToken: 2.5, timePerOutputToken: 0.15 },
    ...lengths.shareGpt,
    stated: { vllm: "2.0 to 4.6", mii: "from 1.6" },
  },
  "chatbot 66B, stricter": {
    name: "chatbot 66B, stricter",
    ...large,
    objective: { timeToFirstToken: 0.4, timePerOutputToken: 0.1 },
    ...lengths.shareGpt,
    stated: { vllm: "2.0 to 3.41", mii: "not measured" },
  },
  "code 66B": {
    name: "code 66B",
    ...large,
    objective: { timeToFirstToken: 0.125, timePerOutputToken: 0.2 },
    ...lengths.humanEval,
    stated: { vllm: 5.7, mii: 1.6 },
  },
  "summaries 66B": {
    name: "summaries 66B",
    ...large,
    objective: { timeToFirstToken: 15, timePerOutputToken: 0.15 },
    ...lengths.longBench,
    stated: { vllm: 4.3, mii: 1.8 },
  },
} as const satisfies Record<string, StudyCase>;

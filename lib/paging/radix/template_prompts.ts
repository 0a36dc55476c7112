import type { Random } from "../../numeric/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { drawByShares, zipfShares } from "../zipf.ts";

/** Prompts that are made of few templates and many questions. */
export interface TemplateLaw {
  /** System prompts or sets of examples that there are. */
  readonly templates: number;
  /** Tokens of each. */
  readonly templateTokens: Tokens;
  /** Tokens that follow, different in every prompt. */
  readonly questionTokens: Tokens;
  /** How unequal templates are: the exponent of {@linkcode zipfShares}. Default 1. */
  readonly exponent?: number;
}

/**
 * Prompts as an application sends them: a template, some more popular than others, and a question of its own.
 *
 * With enough memory every template is computed once, so the hit rate comes close to the share of the template in the
 * prompt, and cannot exceed it.
 *
 * @returns Token numbers; those of templates and questions are drawn from all 31-bit numbers, so none meet by chance.
 * @throws {RangeError} when a number is out of range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { servePrompts, templatePrompts } from "@fewer-bytes/paging";
 *
 * const law = { templates: 10, templateTokens: 90, questionTokens: 10 };
 * const prompts = templatePrompts(law, 500, seeded(1));
 * const { hitRate } = servePrompts(prompts, { capacity: 60_000 });
 * assert(hitRate > 0.87 && hitRate < 0.9);
 * ```
 */
export function templatePrompts(law: TemplateLaw, count: number, random: Random): Int32Array[] {
  const { templates, templateTokens, questionTokens, exponent = 1 } = law;
  requireInteger(count, 0, "draw prompts", "count");
  requireInteger(templateTokens, 0, "draw prompts", "templateTokens");
  requireInteger(questionTokens, 0, "draw prompts", "questionTokens");
  const text = (length: number) => Int32Array.from({ length }, () => random.integer(2 ** 31));
  const choose = drawByShares(zipfShares(templates, exponent), random);
  const all = Array.from({ length: templates }, () => text(templateTokens));
  return Array.from({ length: count }, () => {
    const prompt = new Int32Array(templateTokens + questionTokens);
    prompt.set(all[choose()]!);
    prompt.set(text(questionTokens), templateTokens);
    return prompt;
  });
}

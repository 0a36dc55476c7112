/**
 * The card that a learner sees after `check()`, as HTML and as plain text.
 *
 * Colors are never alone: a mark and a word say the same. Text keeps the color of the page around it, and the tints are
 * half transparent grays, so that one card reads well in a light and in a dark notebook, with no style sheet that a
 * notebook might drop.
 */
import MarkdownIt from "markdown-it";
import type { CheckOutcome, Outcome } from "./run.ts";
import type { Exercise } from "./suite.ts";

/** What a card shows. */
export interface Card {
  exercise: Exercise;
  /** How the checks went; left out where only hints are asked for, and for a stub that was not touched. */
  outcome?: Outcome;
  /** How many hints are shown; the last of them is open, the ones before it are folded. */
  revealed: number;
}

const markdown = new MarkdownIt({ html: false });
const HINT_NAMES = ["nudge", "formula", "worked solution"];
const LINE = "rgba(128,128,128,.35)";
const TINT = "rgba(128,128,128,.1)";
/** Each has a contrast of at least 3 to white and to near black, enough for a mark beside its word. */
const ACCENTS = { good: "#1a9a55", bad: "#e0413d", calm: "#4a86d8" };

const escape = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign]!,
  );
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function headline(
  { exercise, outcome, revealed }: Card,
): { mark: string; words: string; accent: keyof typeof ACCENTS } {
  if (outcome === undefined) {
    if (revealed > 0) return { mark: "?", words: plural(revealed, "hint"), accent: "calm" };
    return {
      mark: "○",
      words: `your turn: ${plural(exercise.points, "point")} to earn`,
      accent: "calm",
    };
  }
  const earned = `${outcome.earned} of ${plural(outcome.points, "point")}`;
  if (outcome.status === "passed") return { mark: "✓", words: `passed: ${earned}`, accent: "good" };
  return { mark: "✗", words: `not yet: ${earned}`, accent: "bad" };
}

function invitation({ exercise, outcome, revealed }: Card): string {
  if (outcome !== undefined || revealed >= exercise.hints.length) return "";
  const call = `await hint("${exercise.id}")`;
  if (revealed > 0) return `For the next hint, run again: ${call}`;
  return `Replace the body of ${exercise.name} and run the cell again. For a hint, run: ${call}`;
}

function checkHtml({ name, passed, message, call, values }: CheckOutcome): string {
  const accent = passed ? ACCENTS.good : ACCENTS.bad;
  const mark = `<span aria-hidden="true" style="color:${accent};font-weight:700">${
    passed ? "✓" : "✗"
  }</span>`;
  const title = `${mark} <span style="font-weight:600">${passed ? "passed" : "failed"}</span> ${
    escape(name)
  }`;
  return `<li style="margin:.35em 0;list-style:none">${title}${
    passed
      ? ""
      : `<div style="margin:.25em 0 .5em 1.35em">${failureHtml(message, call, values)}</div>`
  }</li>`;
}

function failureHtml(
  message: string,
  call: string | undefined,
  values: CheckOutcome["values"],
): string {
  const code = (text: string) =>
    `<code style="color:inherit;background:none">${escape(text)}</code>`;
  const rows = [
    ...(call ? [["call", call]] : []),
    ...(values ? [["expected", values.expected], ["yours", values.actual]] : []),
  ].map(([label, value]) =>
    `<tr style="background:none"><th scope="row" style="text-align:left;font-weight:400;padding:.1em 1em .1em 0;border:0">${label}</th>` +
    `<td style="text-align:left;padding:.1em 0;border:0">${code(value!)}</td></tr>`
  );
  const table = rows.length === 0
    ? ""
    : `<table style="border-collapse:collapse;margin:0;border:0;color:inherit;font-size:inherit">${
      rows.join("")
    }</table>`;
  const advice = values ? values.advice : message;
  return table +
    (advice === "" ? "" : `<div style="margin-top:.15em">${escape(sentence(advice))}</div>`);
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function hintsHtml({ exercise, revealed }: Card): string {
  return exercise.hints.slice(0, revealed).map((hint, index) => {
    const open = index === revealed - 1 ? " open" : "";
    return `<details${open} style="margin:.5em 0 0;padding:.4em .7em;background:${TINT};border-radius:6px">` +
      `<summary style="cursor:pointer;font-weight:600">Hint ${index + 1} of 3: ${
        HINT_NAMES[index]
      }</summary>` +
      `<div style="margin-top:.35em">${markdown.render(hint)}</div></details>`;
  }).join("");
}

/** The card as HTML that brings its own style. */
export function cardHtml(card: Card): string {
  const { exercise, outcome } = card;
  const { mark, words, accent } = headline(card);
  const color = ACCENTS[accent];
  const checks = outcome?.checks.map(checkHtml).join("") ?? "";
  const invited = invitation(card);
  return `<div role="group" aria-label="${
    escape(`Exercise ${exercise.id}, ${words}`)
  }" style="max-width:44em;` +
    `margin:.25em 0;padding:.7em 1em;border:1px solid ${LINE};border-left:5px solid ${color};border-radius:8px;` +
    `font-family:system-ui,sans-serif;font-size:14px;line-height:1.5;color:inherit;background:transparent">` +
    `<div style="display:flex;flex-wrap:wrap;gap:.1em 1em;justify-content:space-between">` +
    `<span style="font-weight:700">Exercise ${exercise.id}: ${escape(exercise.title)}</span>` +
    `<span><span aria-hidden="true" style="color:${color};font-weight:700">${mark}</span> ` +
    `<span style="font-weight:600">${escape(words)}</span></span></div>` +
    (invited && `<p style="margin:.4em 0 0">${escape(invited)}</p>`) +
    (checks && `<ul style="margin:.5em 0 0;padding:0">${checks}</ul>`) +
    hintsHtml(card) +
    `</div>`;
}

/** The card as text: for a terminal, a screen reader's plain view, a diff. */
export function cardText(card: Card): string {
  const { exercise, outcome, revealed } = card;
  const { mark, words } = headline(card);
  const lines = [`${mark} Exercise ${exercise.id}: ${exercise.title} (${words})`];
  if (invitation(card)) lines.push(`  ${invitation(card)}`);
  for (const { name, passed, message, call } of outcome?.checks ?? []) {
    lines.push(`  ${passed ? "✓ passed" : "✗ failed"} ${name}`);
    if (!passed) lines.push(`      ${call ? `${call}: ` : ""}${message}`);
  }
  exercise.hints.slice(0, revealed).forEach((hint, index) => {
    lines.push(
      `  Hint ${index + 1} of 3, ${HINT_NAMES[index]}:`,
      ...hint.split("\n").map((line) => `    ${line}`),
    );
  });
  return lines.join("\n");
}

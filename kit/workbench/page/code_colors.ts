import { HighlightStyle } from "@codemirror/language";
import { tags } from "@lezer/highlight";

/** The colors of code on the static pages, in light and in dark: see clearerColors in kit/render/highlight.ts. */
const keyword = "light-dark(#b62333, #f97583)";
const text = "light-dark(#24292e, #e1e4e8)";
const string = "light-dark(#032f62, #9ecbff)";
const constant = "light-dark(#005cc5, #79b8ff)";
const name = "light-dark(#6f42c1, #b392f0)";
const comment = "light-dark(#5d656f, #8f98a3)";
const parameterColor = "light-dark(#a34500, #ffab70)";
const escape = "light-dark(#1c6e30, #85e89d)";

/** What a function calls its arguments, where it names them. */
export const parameter = tags.local(tags.definition(tags.variableName));

/** The editor's colors. */
export const codeColors = HighlightStyle.define([
  { tag: [tags.keyword, tags.operator, tags.modifier], color: keyword },
  { tag: [tags.variableName, tags.propertyName, tags.punctuation, tags.bracket], color: text },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: string },
  { tag: tags.escape, color: escape },
  {
    tag: [tags.number, tags.bool, tags.null, tags.self, tags.atom, tags.standard(tags.typeName)],
    color: constant,
  },
  { tag: tags.standard(tags.variableName), color: constant },
  {
    tag: [
      tags.typeName,
      tags.className,
      tags.namespace,
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.function(tags.definition(tags.variableName)),
      tags.function(tags.definition(tags.propertyName)),
    ],
    color: name,
  },
  { tag: parameter, color: parameterColor },
  { tag: [tags.comment, tags.docComment], color: comment },
]);

import { typescriptLanguage } from "@codemirror/lang-javascript";
import { LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { styleTags } from "@lezer/highlight";
import { codeColors, parameter } from "./code_colors.ts";

/** TypeScript for the editor: how it is built, and its colors. Names are proposed by the server alone. */
export const typescript = [
  new LanguageSupport(typescriptLanguage.configure({
    props: [styleTags({ "ParamList/VariableDefinition": parameter })],
  })),
  syntaxHighlighting(codeColors),
];

/**
 * A program to be killed: opens the notebook that it is given, then changes its first code cell over and over, saves,
 * and prints the number of each change that is on disk, after a line that says from which number it goes on.
 *
 * Arguments: the notebook, and the milliseconds of rest between two changes.
 */
import { codeCells, text } from "../../../../kit/notebook/mod.ts";
import { Backups } from "../../../../kit/workbench/file/backups.ts";
import { ChapterFile } from "../../../../kit/workbench/file/chapter_file.ts";

const [path = "", rest = "0"] = Deno.args;
const print = (line: unknown) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

const file = await ChapterFile.open({ path, backups: Backups.beside(path, { keep: 3 }) });
const { cell } = codeCells(file.book)[0]!;
let edit = Number(text(cell.source));
print(edit);
for (;;) {
  file.setSource(cell.id, String(++edit));
  await file.flush();
  print(edit);
  if (rest !== "0") await new Promise((resolve) => setTimeout(resolve, Number(rest)));
}

/** `deno task kernel [folder]`: tells Jupyter about the Deno kernel. */
import { installKernelspec, isEphemeral } from "../kernel/mod.ts";

if (import.meta.main) {
  const path = await installKernelspec(Deno.args[0]);
  console.log(`Wrote ${path}`);
  console.log(`Now open a notebook in JupyterLab or VS Code and choose the kernel "Deno".`);
  if (isEphemeral()) {
    console.warn(
      `Warning: this Deno lies in the npx cache (${Deno.execPath()}); run this again when the cache was emptied.`,
    );
  }
}

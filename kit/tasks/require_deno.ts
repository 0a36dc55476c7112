/**
 * Stops a task at once, and says what to type, when it is run by a Deno that the course was not tested with. The tasks of
 * deno.json run it by itself first, without the lockfile: an older Deno would rewrite that before it reads any code.
 */
if (!/^2\.9\./.test(Deno.version.deno)) {
  console.error(
    "Fewer Bytes needs Deno 2.9; this is " + Deno.version.deno +
      ". Type: npx --yes deno@2.9.6 task start",
  );
  Deno.exit(1);
}

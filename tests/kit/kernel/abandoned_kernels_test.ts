import { assert, assertEquals } from "@std/assert";
import { connectionFolder, newConnection } from "../../../kit/kernel/connection.ts";
import { endAbandonedKernels } from "../../../kit/kernel/mod.ts";
import { isAlive, temporaryFolder, withoutKernel as ignore } from "./support.ts";

Deno.test(
  "endAbandonedKernels() ends a kernel that nobody watches, and leaves one alone that may be starting",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    const own = `${folder.path}/${connectionFolder}a`;
    const connection = newConnection();
    await Deno.mkdir(own);
    await Deno.writeTextFile(`${own}/connection.json`, JSON.stringify(connection));
    const kernel = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", `${own}/connection.json`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const listens = async () => {
      const { ip: hostname, control_port: port } = connection;
      return await Deno.connect({ hostname, port }).then((one) => (one.close(), true), () => false);
    };
    while (!await listens()) await new Promise((resolve) => setTimeout(resolve, 20));
    assertEquals(await endAbandonedKernels({ folder: folder.path }), 0);
    assert(isAlive(kernel.pid));
    assertEquals(await endAbandonedKernels({ folder: folder.path, age: 0 }), 1);
    assertEquals((await kernel.status).success, true);
    assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
  },
);

Deno.test("endAbandonedKernels() removes files without a kernel, and touches nothing else", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  const files = {
    [`${connectionFolder}a`]: JSON.stringify(newConnection()),
    [`${connectionFolder}b`]: "{",
    [`${connectionFolder}c`]: JSON.stringify({ ...newConnection(), ip: "192.0.2.1" }),
    "another": "{}",
  };
  for (const [name, content] of Object.entries(files)) {
    await Deno.mkdir(`${folder.path}/${name}`);
    await Deno.writeTextFile(`${folder.path}/${name}/connection.json`, content);
  }
  assertEquals(await endAbandonedKernels({ folder: folder.path, age: 0 }), 0);
  const left = await Array.fromAsync(Deno.readDir(folder.path));
  assertEquals(left.map(({ name }) => name), ["another"]);
});
